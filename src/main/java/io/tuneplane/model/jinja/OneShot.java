package io.tuneplane.model.jinja;

import java.util.Iterator;

/// A generator or iterator: it gives its elements once, when they are asked for.
///
/// @param type Python's name of its type
record OneShot(String type, Iterator<Object> elements) {

  static OneShot generator(Iterator<Object> elements) {
    return new OneShot("generator", elements);
  }
}

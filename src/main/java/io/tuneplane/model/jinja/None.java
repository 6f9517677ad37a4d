package io.tuneplane.model.jinja;

/// Python's `None`.
enum None {
  NONE
}

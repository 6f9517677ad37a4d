package io.tuneplane.model.jinja;

import java.util.List;

/// What a value can be assigned to.
sealed interface Target {

  record Variable(String name) implements Target {}

  record Unpacked(List<Target> targets) implements Target {}

  /// An attribute of a namespace.
  record NamespaceAttribute(String namespace, String attribute) implements Target {}
}

package io.tuneplane.model.jinja;

import org.jspecify.annotations.Nullable;

/// What `namespace(...)` makes: the only thing whose attributes a template can set.
final class Namespace {

  private final Dict attributes = new Dict();

  void set(String name, Object value) {
    if (name.startsWith("_")) {
      throw new Fault(
          "Chat templates cannot store underscore-prefixed attributes on a namespace, but got "
              + Display.quoted(name));
    }
    attributes.put(name, value);
  }

  void setAll(Dict values) {
    for (Object key : values.keys()) {
      Object value = values.get(key);
      if (key instanceof String name && value != null) {
        set(name, value);
      } else {
        throw Fault.unsupported("a namespace attribute that is not a string");
      }
    }
  }

  @Nullable Object get(String name) {
    return attributes.get(name);
  }

  Dict attributes() {
    return attributes;
  }
}

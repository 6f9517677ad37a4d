package io.tuneplane.model.jinja;

/// What a name or an attribute that doesn't exist evaluates to: false, empty when printed or
/// iterated, and an error for everything else.
final class Undefined {

  private final String message;

  Undefined(String message) {
    this.message = message;
  }

  /// A variable that nobody set.
  static Undefined name(String name) {
    return new Undefined(Display.quoted(name) + " is undefined");
  }

  /// An element or attribute that an object lacks.
  static Undefined member(Object owner, Object key) {
    String type = owner == None.NONE ? "None" : TypeName.of(owner) + " object";
    return new Undefined(
        key instanceof String name
            ? "'" + type + "' has no attribute " + Display.quoted(name)
            : type + " has no element " + Display.repr(key));
  }

  /// An attribute that the sandbox hides.
  static Undefined unsafe(Object owner, String name) {
    return new Undefined(
        "access to attribute '" + name + "' of '" + TypeName.of(owner) + "' object is unsafe");
  }

  /// The error that using it raises.
  Fault fault() {
    return new Fault(message);
  }
}

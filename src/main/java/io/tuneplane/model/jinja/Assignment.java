package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Symbols.Ref;
import java.util.List;

/// Code that gives a value to a target.
interface Assignment {

  /// Assigns the value.
  ///
  /// @throws Fault if it can't be unpacked
  void assign(Activation activation, Object value);

  /// Checks, before the value is evaluated, that attributes are set on namespaces only.
  ///
  /// @throws Fault if one isn't
  default void check(Activation activation) {}

  static Assignment of(Target target, Scope scope) {
    return switch (target) {
      case Target.Variable(var name) -> variable(scope.symbols().ref(name).slot());
      case Target.Unpacked(var targets) -> unpacked(targets, scope);
      case Target.NamespaceAttribute(var namespace, var attribute) ->
          new Attribute(
              scope.symbols().ref(namespace),
              scope.function().hopsTo(scope.symbols().ref(namespace).function()),
              attribute);
    };
  }

  private static Assignment variable(int slot) {
    return (a, value) -> a.slots[slot] = value;
  }

  private static Assignment unpacked(List<Target> targets, Scope scope) {
    Assignment[] all = targets.stream().map(t -> of(t, scope)).toArray(Assignment[]::new);
    return new Assignment() {
      @Override
      public void check(Activation activation) {
        for (Assignment assignment : all) {
          assignment.check(activation);
        }
      }

      @Override
      public void assign(Activation activation, Object value) {
        List<Object> values = unpack(activation.run, value, all.length);
        for (int i = 0; i < all.length; i++) {
          all[i].assign(activation, values.get(i));
        }
      }
    };
  }

  private static List<Object> unpack(Run run, Object value, int count) {
    if (value instanceof Tuple(var items) && items.size() == count) {
      return items;
    }
    if (!Elements.iterable(value)) {
      throw new Fault("cannot unpack non-iterable " + TypeName.of(value) + " object");
    }
    List<Object> values = Elements.all(run, value);
    if (values.size() != count) {
      throw new Fault(
          values.size() < count
              ? "not enough values to unpack (expected " + count + ", got " + values.size() + ")"
              : "too many values to unpack (expected " + count + ")");
    }
    return values;
  }

  /// Sets an attribute of a namespace.
  record Attribute(Ref namespace, int hops, String attribute) implements Assignment {

    @Override
    public void check(Activation activation) {
      find(activation);
    }

    @Override
    public void assign(Activation activation, Object value) {
      find(activation).set(attribute, value);
    }

    private Namespace find(Activation activation) {
      if (activation.outward(hops).slots[namespace.slot()] instanceof Namespace found) {
        return found;
      }
      throw new Fault("cannot assign attribute on non-namespace object");
    }
  }
}

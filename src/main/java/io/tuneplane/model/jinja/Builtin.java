package io.tuneplane.model.jinja;

import org.jspecify.annotations.Nullable;

/// A function, filter, test or method that comes with the language. A filter's or test's first
/// argument is its input, a method's is its receiver.
final class Builtin implements Callable {

  private final String name;
  private final Callable.Body body;

  private Builtin(String name, Callable.Body body) {
    this.name = name;
    this.body = body;
  }

  /// With parameters as [Parameters#of(String)] reads them.
  static Builtin of(String name, String parameters, Body body) {
    Parameters signature = Parameters.of(parameters);
    return new Builtin(
        name, (run, arguments) -> body.apply(run, new Bound(signature.bind(name, arguments))));
  }

  /// With whatever arguments there are.
  static Builtin raw(String name, Callable.Body body) {
    return new Builtin(name, body);
  }

  /// One that Jinja has and this interpreter doesn't.
  static Builtin unsupported(String name) {
    return new Builtin(
        name,
        (run, arguments) -> {
          throw Fault.unsupported(name);
        });
  }

  @Override
  public Object call(Run run, Arguments arguments) {
    return body.call(run, arguments);
  }

  @Override
  public String name() {
    return name;
  }

  interface Body {
    Object apply(Run run, Bound arguments);
  }

  /// Arguments by the index of their parameter.
  @SuppressWarnings("ArrayRecordComponent") // lives for one call
  record Bound(@Nullable Object[] values) {

    boolean has(int index) {
      return values[index] != null;
    }

    /// The argument.
    Object get(int index) {
      Object value = values[index];
      if (value == null) {
        throw new IllegalStateException("argument " + index + " is absent");
      }
      return value;
    }

    Object get(int index, Object absent) {
      Object value = values[index];
      return value == null ? absent : value;
    }

    boolean truth(int index) {
      return Truth.of(get(index, false));
    }

    /// A whole number.
    long number(int index, long absent) {
      Object value = values[index];
      return value == null ? absent : Index.require(value);
    }

    /// A string.
    ///
    /// @throws Fault if it is something else
    String text(int index) {
      Object value = get(index);
      return switch (value) {
        case String text -> text;
        case Undefined undefined -> throw undefined.fault();
        case Markup _ -> throw Fault.unsupported("a text that is marked safe as an argument");
        default -> throw new Fault("a string is needed, not '" + TypeName.of(value) + "'");
      };
    }

    /// A string, or null where Python's `None` or nothing was given.
    @Nullable String textOrNull(int index) {
      return get(index, None.NONE) == None.NONE ? null : text(index);
    }
  }
}

package io.tuneplane.model.jinja;

import java.math.BigInteger;
import java.util.List;

/// Python's names of types, for messages.
final class TypeName {

  private TypeName() {}

  static String of(Object value) {
    return switch (value) {
      case None _ -> "NoneType";
      case Boolean _ -> "bool";
      case Long _, BigInteger _ -> "int";
      case Double _ -> "float";
      case String _ -> "str";
      case Markup _ -> "Markup";
      case List<?> _ -> "list";
      case Tuple _ -> "tuple";
      case Dict _ -> "dict";
      case DictView view -> view.kind().label;
      case IntRange _ -> "range";
      case OneShot shot -> shot.type();
      case Namespace _ -> "Namespace";
      case Undefined _ -> "Undefined";
      case Loop _ -> "LoopContext";
      case Macro _ -> "Macro";
      case Cycler _ -> "Cycler";
      case Callable _ -> "function";
      default -> throw new IllegalArgumentException("not a template value: " + value.getClass());
    };
  }
}

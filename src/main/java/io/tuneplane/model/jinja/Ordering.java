package io.tuneplane.model.jinja;

import java.util.Comparator;
import java.util.List;

/// Python's `<` and its kin.
final class Ordering {

  private Ordering() {}

  /// Whether the operator, one of `<`, `<=`, `>` and `>=`, holds.
  ///
  /// @throws Fault if Python can't compare the two
  static boolean holds(Run run, String operator, Object left, Object right) {
    if (Arithmetic.isNan(left) || Arithmetic.isNan(right)) {
      requireComparable(left, right, operator);
      return false;
    }
    int order = compare(run, left, right, operator, 0);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  /// For sorting.
  static Comparator<Object> ascending(Run run) {
    return (left, right) -> compare(run, left, right, "<", 0);
  }

  private static void requireComparable(Object left, Object right, String operator) {
    if (!Arithmetic.isNumber(left) || !Arithmetic.isNumber(right)) {
      throw incomparable(left, right, operator);
    }
  }

  private static int compare(Run run, Object left, Object right, String operator, int depth) {
    if (depth > Run.MAX_NESTING) {
      throw new Fault("maximum recursion depth exceeded in comparison");
    }
    run.spend(1);
    if (left instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (left instanceof String a && right instanceof String b) {
      run.spend(Math.min(a.length(), b.length()));
      return Text.compare(a, b);
    }
    if (Arithmetic.isNumber(left) && Arithmetic.isNumber(right)) {
      return numbers(left, right);
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return elements(run, a, b, operator, depth);
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return elements(run, a.items(), b.items(), operator, depth);
    }
    throw incomparable(left, right, operator);
  }

  private static int numbers(Object left, Object right) {
    if (Arithmetic.isNan(left) || Arithmetic.isNan(right)) {
      throw Fault.unsupported("an order with nan");
    }
    return Arithmetic.compare(left, right);
  }

  private static int elements(Run run, List<?> left, List<?> right, String operator, int depth) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      Object a = left.get(i);
      Object b = right.get(i);
      if (!Equality.identical(a, b) && !Equality.equal(run, a, b)) {
        return compare(run, a, b, operator, depth + 1);
      }
    }
    return left.size() - right.size();
  }

  private static Fault incomparable(Object left, Object right, String operator) {
    return new Fault(
        "'"
            + operator
            + "' not supported between instances of '"
            + TypeName.of(left)
            + "' and '"
            + TypeName.of(right)
            + "'");
  }
}

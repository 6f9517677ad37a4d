package io.tuneplane.model.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Python's `==`.
final class Equality {

  private Equality() {}

  static boolean equal(Run run, Object left, Object right) {
    return equal(run, left, right, 0);
  }

  private static boolean equal(Run run, Object left, Object right, int depth) {
    if (depth > Run.MAX_NESTING) {
      throw new Fault("maximum recursion depth exceeded in comparison");
    }
    if (left instanceof String a && right instanceof String b) {
      run.spend(1 + Math.min(a.length(), b.length()) / 8);
      return a.equals(b);
    }
    run.spendOnRound();
    if (Arithmetic.isNumber(left) && Arithmetic.isNumber(right)) {
      return Arithmetic.equal(left, right);
    }
    return switch (left) {
      case List<?> list -> right instanceof List<?> other && elements(run, list, other, depth);
      case Tuple tuple ->
          right instanceof Tuple other && elements(run, tuple.items(), other.items(), depth);
      case Dict dict -> right instanceof Dict other && entries(run, dict, other, depth);
      case Undefined _ -> right instanceof Undefined;
      case Markup markup -> equal(run, markup.text(), plain(right), depth + 1);
      case String text -> right instanceof Markup other && text.equals(other.text());
      case DictView view -> right instanceof DictView other && views(run, view, other, depth);
      case IntRange range ->
          right instanceof IntRange other && range.elements().equals(other.elements());
      default -> left.equals(right);
    };
  }

  private static Object plain(Object value) {
    return value instanceof Markup markup ? markup.text() : value;
  }

  private static boolean elements(Run run, List<?> left, List<?> right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!same(run, left.get(i), right.get(i), depth)) {
        return false;
      }
    }
    return true;
  }

  /// Equality of elements, where Python looks at identity first.
  private static boolean same(Run run, @Nullable Object left, @Nullable Object right, int depth) {
    return left != null
        && right != null
        && (identical(left, right) || equal(run, left, right, depth + 1));
  }

  // Identity is the meaning here: it is what Python asks first, and what ends endless comparisons.
  @SuppressWarnings("ReferenceEquality")
  static boolean identical(Object left, Object right) {
    return left == right;
  }

  private static boolean entries(Run run, Dict left, Dict right, int depth) {
    return left.size() == right.size()
        && left.keys().stream().allMatch(k -> same(run, left.get(k), right.get(k), depth));
  }

  /// Views of keys and of items are sets; a view of values is only equal to itself.
  private static boolean views(Run run, DictView left, DictView right, int depth) {
    if (left.kind() == DictView.Kind.VALUES || right.kind() != left.kind()) {
      return identical(left, right);
    }
    return left.kind() == DictView.Kind.ITEMS
        ? entries(run, left.dict(), right.dict(), depth)
        : left.dict().size() == right.dict().size()
            && left.dict().keys().stream().allMatch(right.dict()::contains);
  }

  /// Whether one of the elements is, or is equal to, the value.
  static boolean contains(Run run, Iterable<Object> elements, Object value) {
    for (Object element : elements) {
      if (same(run, element, value, 0)) {
        return true;
      }
    }
    return false;
  }
}

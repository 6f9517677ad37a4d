package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a value contains: iterating, counting, searching.
final class Elements {

  private Elements() {}

  /// Whether Python can iterate over it.
  static boolean iterable(Object value) {
    return switch (value) {
      case String _, Markup _, List<?> _, Tuple _, Dict _, DictView _, IntRange _, OneShot _ ->
          true;
      case Undefined _, Loop _ -> true;
      default -> false;
    };
  }

  /// Python's `iter`.
  ///
  /// @throws Fault if it has no elements
  static Iterator<Object> of(Object value) {
    return switch (value) {
      case OneShot shot -> shot.elements();
      default -> list(value).iterator();
    };
  }

  /// All elements; of a generator what is left of them.
  static List<Object> all(Run run, Object value) {
    if (!(value instanceof OneShot shot)) {
      List<Object> list = list(value);
      run.listOf(list.size());
      return list;
    }
    List<Object> list = new ArrayList<>();
    while (shot.elements().hasNext()) {
      list.add(shot.elements().next());
      run.listOf(1);
    }
    return list;
  }

  // Lists of values are never changed once they are made, so they can be handed out as they are.
  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return switch (value) {
      case List<?> list -> (List<Object>) list;
      case Tuple tuple -> tuple.items();
      case String text -> Text.characters(text);
      case Markup markup -> Text.characters(markup.text());
      case Dict dict -> dict.keys();
      case DictView view -> view.elements();
      case IntRange range -> range.elements();
      case Undefined _ -> List.of();
      case Loop _ -> throw Fault.unsupported("iterating over loop");
      default -> throw new Fault("'" + TypeName.of(value) + "' object is not iterable");
    };
  }

  /// The number of elements, or -1 if Python can't tell.
  static int lengthOrNone(Object value) {
    return switch (value) {
      case String text -> Text.length(text);
      case Markup markup -> Text.length(markup.text());
      case List<?> list -> list.size();
      case Tuple tuple -> tuple.items().size();
      case Dict dict -> dict.size();
      case DictView view -> view.dict().size();
      case IntRange range -> range.length();
      case Loop loop -> loop.length();
      case Undefined _ -> 0;
      default -> -1;
    };
  }

  /// Python's `len`.
  static int length(Object value) {
    int length = lengthOrNone(value);
    if (length < 0) {
      throw new Fault("object of type '" + TypeName.of(value) + "' has no len()");
    }
    return length;
  }

  /// Python's `reversed`, or null if it can't.
  static @Nullable List<Object> reversed(Object value) {
    return switch (value) {
      case OneShot _, Loop _ -> null;
      default -> {
        if (!iterable(value)) {
          yield null;
        }
        List<Object> list = new ArrayList<>(list(value));
        Collections.reverse(list);
        yield list;
      }
    };
  }

  /// Python's `in`.
  static boolean contains(Run run, Object container, Object value) {
    return switch (container) {
      case String text -> containsText(run, text, value);
      case Markup markup -> containsText(run, markup.text(), value);
      case Dict dict -> dict.contains(value);
      case DictView view when view.kind() == DictView.Kind.KEYS -> view.dict().contains(value);
      case OneShot shot -> Equality.contains(run, shot::elements, value);
      case Namespace _ -> throw new Fault("argument of type 'Namespace' is not iterable");
      default -> Equality.contains(run, list(container), value);
    };
  }

  private static boolean containsText(Run run, String text, Object value) {
    if (value instanceof Undefined || !(value instanceof String || value instanceof Markup)) {
      throw new Fault("'in <string>' requires string as left operand, not " + TypeName.of(value));
    }
    String sought = Display.str(value);
    run.spendOnSearch(text, sought);
    return text.contains(sought);
  }
}

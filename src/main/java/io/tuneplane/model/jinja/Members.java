package io.tuneplane.model.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `object.name` and `object[key]` as Jinja's sandbox evaluates them: attributes and keys stand in
/// for each other, and what is missing is undefined.
final class Members {

  private Members() {}

  /// `object.name`: the attribute, else the element.
  static Object attribute(Object object, String name) {
    Object attribute = attributeOrNull(object, name);
    if (attribute != null) {
      return attribute;
    }
    if (object instanceof Dict dict) {
      Object value = dict.get(name);
      return value != null ? value : Undefined.member(object, name);
    }
    return Undefined.member(object, name);
  }

  /// The filter `attr`: the attribute, never the element.
  static Object attributeOnly(Object object, String name) {
    Object attribute = attributeOrNull(object, name);
    return attribute != null ? attribute : Undefined.member(object, name);
  }

  /// `object[key]`: the element, else the attribute.
  static Object item(Object object, Object key) {
    Object element = elementOrNull(object, key);
    if (element != null) {
      return element;
    }
    Object attribute = key instanceof String name ? attributeOrNull(object, name) : null;
    return attribute != null ? attribute : Undefined.member(object, key);
  }

  private static @Nullable Object elementOrNull(Object object, Object key) {
    return switch (object) {
      case Dict dict -> Dict.hashable(key) ? dict.get(key) : null;
      case List<?> list -> at(list, key);
      case Tuple tuple -> at(tuple.items(), key);
      case String text -> character(text, key);
      case IntRange range -> at(range.elements(), key);
      case Undefined undefined -> throw undefined.fault();
      case Markup _ -> throw Fault.unsupported("an element of a text that is marked safe");
      default -> null;
    };
  }

  private static @Nullable Object at(List<?> list, Object key) {
    Long index = Index.of(key);
    int place = index == null ? -1 : Index.within(list.size(), index);
    return place < 0 ? null : list.get(place);
  }

  private static @Nullable Object character(String text, Object key) {
    Long index = Index.of(key);
    int place = index == null ? -1 : Index.within(Text.length(text), index);
    return place < 0 ? null : Text.at(text, place);
  }

  private static @Nullable Object attributeOrNull(Object object, String name) {
    if (object instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (object instanceof Namespace namespace) {
      return namespace.get(name);
    }
    if (name.startsWith("__") && name.endsWith("__")) {
      throw Fault.unsupported("the attribute " + name);
    }
    return switch (object) {
      case Dict _ -> Methods.OF_DICT.find(object, name);
      case String _ -> Methods.OF_STRING.find(object, name);
      case List<?> _ -> Methods.OF_LIST.find(object, name);
      case Tuple _ -> Methods.OF_TUPLE.find(object, name);
      case Loop loop -> loop.attribute(name);
      case Macro macro -> macro.attribute(name);
      case Cycler cycler -> cycler.attribute(name);
      case DictMaker _ when name.equals("fromkeys") -> throw Fault.unsupported("dict.fromkeys");
      case Long _, Double _, Boolean _ -> Methods.OF_NUMBER.find(object, name);
      case Markup _, DictView _, IntRange _, OneShot _ ->
          throw Fault.unsupported("the attribute " + name + " of " + TypeName.of(object));
      default -> null;
    };
  }
}

package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.List;

/// Reads what a filter's `attribute` names: a path of names and indexes with dots, or nothing for
/// the element itself.
final class Getter {

  private final List<Object> path;
  private final boolean ignoreCase;
  private final Object absent;

  private Getter(List<Object> path, boolean ignoreCase, Object absent) {
    this.path = path;
    this.ignoreCase = ignoreCase;
    this.absent = absent;
  }

  /// @param attribute a string, an index, or `None`
  static Getter of(Object attribute) {
    return of(attribute, false);
  }

  /// @param ignoreCase whether strings come in lower case
  static Getter of(Object attribute, boolean ignoreCase) {
    return new Getter(path(attribute), ignoreCase, None.NONE);
  }

  /// The same with something in the place of what is undefined; `None` for nothing.
  Getter orElse(Object value) {
    return new Getter(path, ignoreCase, value);
  }

  /// Several attributes, which a string names with commas between them: a list of their values.
  static List<Getter> several(Object attribute, boolean ignoreCase) {
    if (!(attribute instanceof String names)) {
      return List.of(of(attribute, ignoreCase));
    }
    List<Getter> getters = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      getters.add(of(name, ignoreCase));
    }
    return getters;
  }

  private static List<Object> path(Object attribute) {
    if (attribute == None.NONE) {
      return List.of();
    }
    if (!(attribute instanceof String name)) {
      return List.of(attribute);
    }
    List<Object> path = new ArrayList<>();
    for (String part : name.split("\\.", -1)) {
      path.add(part.matches("[0-9]{1,9}") ? (Object) Long.parseLong(part) : part);
    }
    return path;
  }

  Object get(Object element) {
    Object value = element;
    for (Object key : path) {
      value = Members.item(value, key);
      if (value instanceof Undefined && absent != None.NONE) {
        value = absent;
      }
    }
    return ignoreCase && value instanceof String text ? Case.lower(text) : value;
  }
}

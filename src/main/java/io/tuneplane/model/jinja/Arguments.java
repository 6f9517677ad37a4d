package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The values that a call passes.
record Arguments(List<Object> positional, Map<String, Object> named) {

  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /// The same with a value before all others: the receiver of a method, the input of a filter.
  Arguments after(Object first) {
    List<Object> all = new ArrayList<>(positional.size() + 1);
    all.add(first);
    all.addAll(positional);
    return new Arguments(all, named);
  }

  /// The same without the first few.
  Arguments from(int index) {
    return new Arguments(positional.subList(index, positional.size()), named);
  }

  /// The same with a named value.
  ///
  /// @throws Fault if there is one of that name
  Arguments with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(named);
    if (more.put(name, value) != null) {
      throw new Fault("multiple values for keyword argument " + Display.quoted(name));
    }
    return new Arguments(positional, more);
  }
}

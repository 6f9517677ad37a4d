package io.tuneplane.model.jinja;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The filters and tests that templates can name.
final class Library {

  /// Filters that Jinja2 has and this interpreter refuses: for HTML, or with results that differ
  /// from run to run.
  private static final Set<String> REFUSED =
      Set.of(
          "e",
          "escape",
          "filesizeformat",
          "forceescape",
          "pprint",
          "random",
          "striptags",
          "urlencode",
          "urlize",
          "wordwrap",
          "xmlattr");

  private static final Map<String, Callable> FILTERS =
      byName(List.of(TextFilters.ALL, ListFilters.ALL, SelectFilters.ALL, NumberFilters.ALL));

  private static final Map<String, Callable> TESTS = byName(List.of(Tests.ALL));

  private Library() {}

  private static Map<String, Callable> byName(List<Collection<Builtin>> groups) {
    Map<String, Callable> byName = new HashMap<>();
    groups.forEach(g -> g.forEach(b -> byName.put(b.name(), b)));
    return byName;
  }

  /// The filter of that name.
  ///
  /// @throws Fault if Jinja has it and it is not supported
  static Optional<Callable> filter(String name) {
    if (REFUSED.contains(name)) {
      throw Fault.unsupported("the filter '" + name + "'");
    }
    return Optional.ofNullable(FILTERS.get(name));
  }

  /// The test of that name.
  ///
  /// @throws Fault if Jinja has it and it is not supported
  static Optional<Callable> test(String name) {
    if (name.equals("escaped") || name.equals("sameas")) {
      throw Fault.unsupported("the test '" + name + "'");
    }
    return Optional.ofNullable(TESTS.get(name));
  }

  /// Whether Jinja has a filter of that name.
  static boolean hasFilter(Object name) {
    return REFUSED.contains(name) || FILTERS.containsKey(name);
  }

  static boolean hasTest(Object name) {
    return name.equals("escaped") || name.equals("sameas") || TESTS.containsKey(name);
  }
}

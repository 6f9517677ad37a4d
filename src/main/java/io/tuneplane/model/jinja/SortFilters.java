package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Filters that put elements in order.
final class SortFilters {

  static final List<Builtin> ALL =
      List.of(
          Builtin.of("sort", "value reverse? case_sensitive? attribute?", SortFilters::sort),
          Builtin.of("dictsort", "value case_sensitive? by? reverse?", SortFilters::dictsort),
          Builtin.of("min", "value case_sensitive? attribute?", (run, a) -> extreme(run, a, false)),
          Builtin.of("max", "value case_sensitive? attribute?", (run, a) -> extreme(run, a, true)),
          Builtin.of("groupby", "value attribute default? case_sensitive?", SortFilters::groupBy));

  private SortFilters() {}

  /// An element with what it is sorted by.
  private record Keyed(Object key, Object element) {}

  private static List<Object> sorted(Run run, List<Keyed> keyed, boolean reverse) {
    List<Keyed> all = new ArrayList<>(keyed);
    Comparator<Keyed> order = Comparator.comparing(Keyed::key, Ordering.ascending(run));
    all.sort(reverse ? order.reversed() : order);
    return new ArrayList<>(all.stream().map(Keyed::element).toList());
  }

  private static Object sort(Run run, Builtin.Bound a) {
    List<Getter> getters = Getter.several(a.get(3, None.NONE), !a.truth(2));
    List<Keyed> keyed = new ArrayList<>();
    for (Object element : Elements.all(run, a.get(0))) {
      List<Object> key = new ArrayList<>();
      getters.forEach(g -> key.add(g.get(element)));
      keyed.add(new Keyed(key, element));
    }
    return sorted(run, keyed, a.truth(1));
  }

  private static Object dictsort(Run run, Builtin.Bound a) {
    String by = a.has(2) ? a.text(2) : "key";
    if (!by.equals("key") && !by.equals("value")) {
      throw new Fault("You can only sort by either \"key\" or \"value\"");
    }
    if (!(a.get(0) instanceof Dict dict)) {
      throw new Fault("dictsort needs a mapping, not " + TypeName.of(a.get(0)));
    }
    Getter getter = Getter.of(by.equals("key") ? 0L : 1L, !a.truth(1));
    List<Keyed> keyed =
        dict.items().stream().map(item -> new Keyed(getter.get(item), item)).toList();
    return sorted(run, keyed, a.truth(3));
  }

  private static Object extreme(Run run, Builtin.Bound a, boolean largest) {
    Getter getter = Getter.of(a.get(2, None.NONE), !a.truth(1));
    List<Object> all = Elements.all(run, a.get(0));
    if (all.isEmpty()) {
      return new Undefined("No aggregated item, sequence was empty.");
    }
    Object best = all.getFirst();
    Object bestKey = getter.get(best);
    for (Object element : all.subList(1, all.size())) {
      Object key = getter.get(element);
      if (Ordering.holds(run, largest ? ">" : "<", key, bestKey)) {
        best = element;
        bestKey = key;
      }
    }
    return best;
  }

  private static Object groupBy(Run run, Builtin.Bound a) {
    Object absent = a.get(2, None.NONE);
    boolean ignoreCase = !a.truth(3);
    Getter getter = Getter.of(a.get(1), ignoreCase).orElse(absent);
    List<Keyed> keyed = new ArrayList<>();
    for (Object element : Elements.all(run, a.get(0))) {
      keyed.add(new Keyed(getter.get(element), element));
    }
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    for (Object element : sorted(run, keyed, false)) {
      boolean other =
          !group.isEmpty()
              && !Equality.equal(run, getter.get(group.getFirst()), getter.get(element));
      if (other) {
        groups.add(grouped(a.get(1), absent, ignoreCase, getter, group));
        group = new ArrayList<>();
      }
      group.add(element);
    }
    if (!group.isEmpty()) {
      groups.add(grouped(a.get(1), absent, ignoreCase, getter, group));
    }
    return groups;
  }

  /// A group under its value: as the first element spells it where case is ignored.
  private static Object grouped(
      Object attribute, Object absent, boolean ignoreCase, Getter getter, List<Object> group) {
    Object first = group.getFirst();
    Object key = ignoreCase ? Getter.of(attribute).orElse(absent).get(first) : getter.get(first);
    return Tuple.of(key, group);
  }
}

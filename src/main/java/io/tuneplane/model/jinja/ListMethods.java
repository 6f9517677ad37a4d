package io.tuneplane.model.jinja;

import java.util.List;

/// Methods of `list` and `tuple` that change nothing.
final class ListMethods {

  private static final Builtin COUNT =
      Builtin.of("count", "/ self value", (run, a) -> count(run, a.get(0), a.get(1)));

  private static final Builtin INDEX =
      Builtin.of("index", "/ self value start? stop?", ListMethods::index);

  static final List<Builtin> ALL =
      List.of(COUNT, INDEX, Builtin.of("copy", "/ self", (_, a) -> a.get(0)));

  static final List<Builtin> OF_TUPLE = List.of(COUNT, INDEX);

  private ListMethods() {}

  private static Object count(Run run, Object self, Object value) {
    return Elements.all(run, self).stream()
        .filter(e -> Equality.contains(run, List.of(e), value))
        .count();
  }

  private static Object index(Run run, Builtin.Bound a) {
    List<Object> all = Elements.all(run, a.get(0));
    long start = bound(a.number(2, 0), all.size());
    long stop = bound(a.number(3, Long.MAX_VALUE), all.size());
    for (long i = start; i < stop; i++) {
      if (Equality.contains(run, List.of(all.get((int) i)), a.get(1))) {
        return i;
      }
    }
    throw new Fault(Display.repr(a.get(1)) + " is not in list");
  }

  private static long bound(long index, int length) {
    return Math.clamp(index < 0 ? index + length : index, 0, length);
  }
}

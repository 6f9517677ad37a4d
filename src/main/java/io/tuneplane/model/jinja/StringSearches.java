package io.tuneplane.model.jinja;

import java.util.List;

/// Methods of `str` that look for something in it. Indexes count code points.
final class StringSearches {

  static final List<Builtin> ALL =
      List.of(
          Builtin.of("startswith", "/ self prefix start? end?", (run, a) -> affix(run, a, true)),
          Builtin.of("endswith", "/ self suffix start? end?", (run, a) -> affix(run, a, false)),
          Builtin.of("find", "/ self sub start? end?", (run, a) -> find(run, a, false)),
          Builtin.of("rfind", "/ self sub start? end?", (run, a) -> find(run, a, true)),
          Builtin.of("index", "/ self sub start? end?", (run, a) -> index(run, a, false)),
          Builtin.of("rindex", "/ self sub start? end?", (run, a) -> index(run, a, true)),
          Builtin.of("count", "/ self sub start? end?", StringSearches::count));

  private StringSearches() {}

  /// The part of a text that `start` and `end` leave.
  ///
  /// @param start the number of code points before it, or -1 if it begins beyond the end
  private record Part(String text, long start) {}

  private static Part part(Run run, Builtin.Bound a) {
    String text = a.text(0);
    if (!a.has(2)) {
      return new Part(text, 0);
    }
    Object part = Slices.of(run, text, a.get(2), a.get(3, None.NONE), None.NONE);
    long length = Text.length(text);
    long start = a.get(2) == None.NONE ? 0 : Index.require(a.get(2));
    long from = start < 0 ? Math.max(0, start + length) : start;
    return new Part((String) part, from > length ? -1 : from);
  }

  private static Object affix(Run run, Builtin.Bound a, boolean start) {
    Part part = part(run, a);
    return StringMethods.any(
        a.get(1),
        s -> part.start() >= 0 && (start ? part.text().startsWith(s) : part.text().endsWith(s)));
  }

  private static long find(Run run, Builtin.Bound a, boolean last) {
    Part part = part(run, a);
    String sought = a.text(1);
    run.spendOnSearch(part.text(), sought);
    int at = last ? part.text().lastIndexOf(sought) : part.text().indexOf(sought);
    return at < 0 || part.start() < 0 ? -1 : part.start() + part.text().codePointCount(0, at);
  }

  private static Object index(Run run, Builtin.Bound a, boolean last) {
    long at = find(run, a, last);
    if (at < 0) {
      throw new Fault("substring not found");
    }
    return at;
  }

  private static Object count(Run run, Builtin.Bound a) {
    Part part = part(run, a);
    String sought = a.text(1);
    run.spendOnSearch(part.text(), sought);
    if (part.start() < 0) {
      return 0L;
    }
    if (sought.isEmpty()) {
      return Text.length(part.text()) + 1L;
    }
    long count = 0;
    for (int at = part.text().indexOf(sought); at >= 0; count++) {
      at = part.text().indexOf(sought, at + sought.length());
    }
    return count;
  }
}

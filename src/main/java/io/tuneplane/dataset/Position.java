package io.tuneplane.dataset;

import java.util.OptionalLong;

/// Where an example stands, in one number: which set, which example, which line. A line is kept as
/// its distance to the example's number, up to 2^24 - 2; beyond that it is not known.
final class Position {

  private static final int GAP_BITS = 24;
  private static final long UNKNOWN = (1L << GAP_BITS) - 1;

  private Position() {}

  /// @param line from 1
  static long of(boolean validation, long example, long line) {
    long gap = Math.min(line - 1 - example, UNKNOWN);
    long known = gap < 0 ? UNKNOWN : gap;
    return (validation ? Long.MIN_VALUE : 0) | (example << GAP_BITS) | known;
  }

  static boolean validation(long position) {
    return position < 0;
  }

  static long example(long position) {
    return (position & Long.MAX_VALUE) >>> GAP_BITS;
  }

  static OptionalLong line(long position) {
    long gap = position & UNKNOWN;
    return gap == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(example(position) + gap + 1);
  }

  /// As messages name it: `example 3 (line 4)`.
  static String text(long position) {
    OptionalLong line = line(position);
    return "example "
        + example(position)
        + (line.isPresent() ? " (line " + line.getAsLong() + ")" : "");
  }
}

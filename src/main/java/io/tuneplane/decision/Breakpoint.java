package io.tuneplane.decision;

import java.util.OptionalLong;
import java.util.function.LongPredicate;

/// Finds the number at which an answer turns: doubling until it has, then halving the rest.
final class Breakpoint {

  private Breakpoint() {}

  /// The smallest number above `start` at which the answer has turned, in the first doubling in
  /// which it has; empty if it doesn't up to `most`.
  static OptionalLong above(long start, long most, LongPredicate turned) {
    long below = start;
    for (long step = 1; below < most; step *= 2) {
      long above = Math.min(most, start + step);
      if (turned.test(above)) {
        return OptionalLong.of(narrow(below, above, turned));
      }
      below = above;
    }
    return OptionalLong.empty();
  }

  /// The largest number below `start`, and not below 0, at which the answer has turned; empty if it
  /// doesn't.
  static OptionalLong below(long start, LongPredicate turned) {
    OptionalLong down = above(0, start, distance -> turned.test(start - distance));
    return down.isPresent() ? OptionalLong.of(start - down.getAsLong()) : OptionalLong.empty();
  }

  /// Not turned at `below`, turned at `above`.
  private static long narrow(long below, long above, LongPredicate turned) {
    long low = below;
    long high = above;
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (turned.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }
}

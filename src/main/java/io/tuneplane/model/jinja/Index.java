package io.tuneplane.model.jinja;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Whole numbers that are used as indexes and counts.
final class Index {

  private Index() {}

  /// The number, clamped to a `long`, or null if the value is no whole number.
  static @Nullable Long of(Object value) {
    return switch (value) {
      case Long number -> number;
      case Boolean truth -> truth ? 1L : 0L;
      case BigInteger number -> number.signum() > 0 ? Long.MAX_VALUE / 4 : Long.MIN_VALUE / 4;
      default -> null;
    };
  }

  /// The number.
  ///
  /// @throws Fault if it is no whole number
  static long require(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    @Nullable Long index = of(value);
    if (index == null) {
      throw new Fault("'" + TypeName.of(value) + "' object cannot be interpreted as an integer");
    }
    return index;
  }

  /// The place in a sequence that an index means, counted from the end if it is negative; or -1 if
  /// it lies outside.
  static int within(int length, long index) {
    long place = index < 0 ? index + length : index;
    return place < 0 || place >= length ? -1 : (int) place;
  }
}

package io.tuneplane.model.jinja;

import java.util.AbstractList;

/// Python's `range`.
record IntRange(long start, long stop, long step) {

  /// The longest range that Jinja's sandbox allows.
  static final int MAX_LENGTH = 100_000;

  IntRange {
    if (step == 0) {
      throw new Fault("range() arg 3 must not be zero");
    }
  }

  /// The number of elements.
  ///
  /// @throws Fault beyond what the sandbox allows
  int length() {
    long span = step > 0 ? Math.subtractExact(stop, start) : Math.subtractExact(start, stop);
    long length = span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
    if (length > MAX_LENGTH) {
      throw new Fault(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + MAX_LENGTH + ").");
    }
    return (int) length;
  }

  long at(int index) {
    return start + index * step;
  }

  AbstractList<Object> elements() {
    int length = length();
    return new AbstractList<>() {
      @Override
      public Object get(int index) {
        return at(index);
      }

      @Override
      public int size() {
        return length;
      }
    };
  }
}

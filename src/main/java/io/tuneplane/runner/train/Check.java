package io.tuneplane.runner.train;

/// Range checks of a job's fields. Each throws [IllegalArgumentException] that names the field and
/// says what was expected.
final class Check {

  private Check() {}

  static void matches(String field, String value, String pattern) {
    if (!value.matches(pattern)) {
      throw new IllegalArgumentException(field + " must match " + pattern);
    }
  }

  static void atLeast(String field, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(field + " must be at least " + least + ", is " + value);
    }
  }

  static void between(String field, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          field + " must be from " + least + " to " + most + ", is " + value);
    }
  }

  static void positive(String field, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(field + " must be above 0, is " + value);
    }
  }

  /// A name that stays in its folder.
  static void plainName(String field, String value) {
    if (!value.matches("[A-Za-z0-9._-]{1,255}") || value.startsWith(".")) {
      throw new IllegalArgumentException(field + " must be a plain file name, is " + value);
    }
  }
}

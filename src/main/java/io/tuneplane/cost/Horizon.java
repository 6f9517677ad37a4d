package io.tuneplane.cost;

import java.time.LocalDate;

/// The time that costs are added up over.
///
/// @param from its first day: today, as the caller's clock has it
/// @param months how long it is, 1 to 120
public record Horizon(LocalDate from, int months) {

  /// A year.
  public static final int DEFAULT_MONTHS = 12;

  private static final int MAX_MONTHS = 120;

  public Horizon {
    if (months < 1 || months > MAX_MONTHS) {
      throw new IllegalArgumentException("horizon: expected 1 to 120 months, not " + months);
    }
  }

  /// A year from a day.
  public static Horizon year(LocalDate from) {
    return new Horizon(from, DEFAULT_MONTHS);
  }

  /// The day after the last one.
  public LocalDate end() {
    return from.plusMonths(months);
  }
}

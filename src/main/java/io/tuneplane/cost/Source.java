package io.tuneplane.cost;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Where a fact of the price book comes from.
///
/// @param text the page, file or measurement
/// @param readOn the day on which it was read there
/// @param note what else must be said of it: a derivation, a doubt
public record Source(String text, LocalDate readOn, Optional<String> note) {

  /// Whether the fact was read more than so many days before the given day.
  public boolean isStale(LocalDate today, int afterDays) {
    return ChronoUnit.DAYS.between(readOn, today) > afterDays;
  }
}

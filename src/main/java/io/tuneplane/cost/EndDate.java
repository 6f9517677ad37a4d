package io.tuneplane.cost;

import java.time.LocalDate;

/// A day on which a model stops or a provider closes a door.
///
/// @param date the first day on which it no longer works
/// @param kind how sure that is
/// @param source who says so
public record EndDate(LocalDate date, Kind kind, Source source) {

  /// How sure an end is.
  public enum Kind {
    /// The provider has announced this day.
    ANNOUNCED,
    /// The provider has promised not to stop before this day, and no more than that.
    EARLIEST
  }

  /// Whether the provider has announced this day.
  public boolean isAnnounced() {
    return kind == Kind.ANNOUNCED;
  }
}

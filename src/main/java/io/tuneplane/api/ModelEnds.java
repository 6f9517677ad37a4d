package io.tuneplane.api;

import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.EndWarning;
import io.tuneplane.job.WorldReader;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/// When models stop, as the places and the price book have it today. Safe for many threads.
///
/// @param world knows places and book
public record ModelEnds(WorldReader world, InstantSource clock) {

  /// The day from which a model no longer answers.
  ///
  /// @param backend where it answers
  /// @param model a base model, whose tuned ones stop with it
  /// @return empty if no such day was announced
  public Optional<LocalDate> of(String backend, String model) {
    return world.modelEnd(backend, model, today()).filter(EndDate::isAnnounced).map(EndDate::date);
  }

  /// What people should be told of it: 180, 90 and 30 days before, and afterwards.
  public Optional<String> warning(String backend, String model) {
    return world.endWarning(backend, model, today()).map(EndWarning::words);
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }
}

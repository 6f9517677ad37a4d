package io.tuneplane.decision;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/// What the answer must keep to.
///
/// @param weights whether the tuned weights must be ours to take away
/// @param residency where the data must stay: a region, or the beginning of one (`europe` for
///   `europe-west4`)
/// @param budgetUsd the most that the tuning job may cost
/// @param deadline when the tuned model must be there
public record Needs(
    boolean weights,
    Optional<String> residency,
    Optional<BigDecimal> budgetUsd,
    Optional<Instant> deadline) {

  /// Nothing.
  public static final Needs NONE =
      new Needs(false, Optional.empty(), Optional.empty(), Optional.empty());
}

package io.tuneplane.cost;

import java.math.BigDecimal;
import java.util.Optional;

/// How our own hardware would be used.
///
/// @param tuning what is trained
/// @param hours when replicas are reserved
/// @param adapters how many tuned models of like traffic share the replicas, at least 1; each
///   carries an equal share
/// @param people the people who look after it, if their hours are to count
public record OwnPlan(Tuning tuning, ServingHours hours, int adapters, Optional<People> people) {

  /// An adapter, replicas that are always on, shared with nobody, no people counted.
  public static final OwnPlan DEFAULT =
      new OwnPlan(Tuning.LORA, new ServingHours.AlwaysOn(), 1, Optional.empty());

  public OwnPlan {
    if (adapters < 1) {
      throw new IllegalArgumentException("adapters: expected at least 1, not " + adapters);
    }
  }

  /// What is trained.
  public enum Tuning {
    /// An adapter: about 4 FLOP a parameter and token.
    LORA,
    /// All weights: 6 FLOP a parameter and token.
    FULL
  }

  /// The people who look after a server.
  ///
  /// @param hoursPerMonth their time
  /// @param hourly what an hour of it costs
  public record People(BigDecimal hoursPerMonth, Money hourly) {

    Money monthly() {
      return hourly.times(hoursPerMonth);
    }
  }
}

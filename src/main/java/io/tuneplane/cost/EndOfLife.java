package io.tuneplane.cost;

import java.util.Optional;

/// The end of a model inside the horizon, and what comes after it.
///
/// @param end the day and who says so
/// @param successor what is used from then on; empty where nothing with a known cost would do, and
///   then the option's total is unknown
public record EndOfLife(EndDate end, Optional<Successor> successor) {

  /// What comes after a model that stops. Its cost is part of the stopped option's total.
  ///
  /// @param provider the place
  /// @param model the base model
  /// @param retrain tuning it on the same data
  /// @param serving serving it for the rest of the horizon
  public record Successor(String provider, String model, Money retrain, Money serving) {

    /// Both together.
    public Money total() {
      return retrain.plus(serving);
    }
  }
}

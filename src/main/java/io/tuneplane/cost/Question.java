package io.tuneplane.cost;

import java.util.Optional;

/// What is to be priced.
///
/// @param training how much is trained
/// @param workload the forecast of requests; without one, serving is left out
/// @param horizon the time that costs are added up over, and today
/// @param own how our own hardware would be used
/// @param measured speeds that were measured
/// @param seed of the simulation that ranges and growth are put through
public record Question(
    TrainingVolume training,
    Optional<Workload> workload,
    Horizon horizon,
    OwnPlan own,
    Measurements measured,
    long seed) {

  /// The seed of whoever says none: the same question gives the same answer.
  public static final long DEFAULT_SEED = 13_4;

  /// A question with the usual plan and nothing measured.
  public static Question of(TrainingVolume training, Optional<Workload> workload, Horizon horizon) {
    return new Question(
        training, workload, horizon, OwnPlan.DEFAULT, Measurements.NONE, DEFAULT_SEED);
  }
}

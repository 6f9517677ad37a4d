package io.tuneplane.job;

import java.time.Duration;

/// How long a job may get on in no way before it is given up, phase by phase. Time in which a place
/// can't be reached does not count against its run.
///
/// @param submitting trying to submit it, with a place that refuses or does not answer
/// @param queued in the place's queue
/// @param training without a new step, where steps were heard of
/// @param silent training, where no step was ever heard of: some places tell nothing until the end
/// @param gating trying to pass the gate
/// @param stopping after the place was told to stop the run
public record Deadlines(
    Duration submitting,
    Duration queued,
    Duration training,
    Duration silent,
    Duration gating,
    Duration stopping) {

  /// A day to submit, a week in the queue, an hour between steps, two days of silence, half an hour
  /// for the gate, half an hour to stop.
  public static final Deadlines DEFAULT =
      new Deadlines(
          Duration.ofHours(24),
          Duration.ofDays(7),
          Duration.ofHours(1),
          Duration.ofDays(2),
          Duration.ofMinutes(30),
          Duration.ofMinutes(30));
}

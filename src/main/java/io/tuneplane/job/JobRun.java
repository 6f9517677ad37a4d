package io.tuneplane.job;

import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.Usage;
import java.util.List;
import java.util.Optional;

/// How far a submitted run is.
///
/// @param handle where to find it again
/// @param cursor the last event that was stored
/// @param step the last optimiser step that was heard of
/// @param totalSteps how many there will be; 0 while unknown
/// @param savedStep the last step that left a checkpoint
/// @param recent the ids of the last events that were stored, so that none is stored twice
/// @param outcome what the run left, once it has ended well
public record JobRun(
    RunHandle handle,
    Cursor cursor,
    long step,
    long totalSteps,
    long savedStep,
    List<String> recent,
    Optional<RunOutcome> outcome) {

  public JobRun {
    recent = List.copyOf(recent);
  }

  /// What a run left.
  ///
  /// @param model the weights, or where they are
  /// @param usage what it used
  /// @param gate what the gate found, once it has let the model out
  public record RunOutcome(TrainedModel model, Usage usage, Optional<String> gate) {}

  static JobRun started(RunHandle handle) {
    return new JobRun(handle, Cursor.START, 0, 0, 0, List.of(), Optional.empty());
  }

  JobRun left(RunOutcome what) {
    return new JobRun(handle, cursor, step, totalSteps, savedStep, recent, Optional.of(what));
  }
}

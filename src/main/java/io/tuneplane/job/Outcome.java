package io.tuneplane.job;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.job.JobState.JobError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What came of an [Act].
sealed interface Outcome {

  /// The data is good and a place was found.
  ///
  /// @param host the only host that may work on the job from now on; empty for any
  record Planned(JobPlanner.Planned planned, Optional<String> host) implements Outcome {}

  /// It can't be done, and trying again won't help.
  record Refused(JobError error) implements Outcome {}

  /// The place has the run.
  record Submitted(RunHandle run) implements Outcome {}

  /// The place was asked for our run.
  ///
  /// @param window how long a run may stay invisible to such a look
  record Looked(Optional<RunHandle> found, Duration window) implements Outcome {}

  /// How the run is.
  record Seen(Progress progress) implements Outcome {}

  /// The place took note of what is wanted.
  record Told() implements Outcome {}

  /// What the gate found.
  record Gated(GateResult gate) implements Outcome {}

  /// The weights and files are kept.
  ///
  /// @param checkpoints those that can be called, by step
  /// @param resultFiles ids
  record Published(
      TrainedModel model, SequencedMap<Long, TrainedModel> checkpoints, List<String> resultFiles)
      implements Outcome {}

  /// The call failed.
  record Failed(BackendException failure) implements Outcome {}

  /// Something broke on our side.
  record Broken(String what) implements Outcome {}
}

package io.tuneplane.backend;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a run in a [FakePlace] will go.
///
/// @param queued how long it waits before it starts, again after each resume
/// @param stepTime how long one step takes
/// @param steps how many there are
/// @param checkpointEvery steps between checkpoints
/// @param failure how it ends; empty for success
/// @param adapter the folder that it says it has left
public record FakeScript(
    Duration queued,
    Duration stepTime,
    int steps,
    int checkpointEvery,
    Optional<FailureReason> failure,
    Optional<Path> adapter) {

  /// Ends well: one second in the queue, then six steps of a second each.
  public static final FakeScript SUCCEEDS =
      new FakeScript(
          Duration.ofSeconds(1), Duration.ofSeconds(1), 6, 3, Optional.empty(), Optional.empty());

  /// Goes on until it is told to stop.
  public static final FakeScript ENDLESS = SUCCEEDS.withSteps(Integer.MAX_VALUE);

  /// The same, with another number of steps.
  public FakeScript withSteps(int steps) {
    return new FakeScript(queued, stepTime, steps, checkpointEvery, failure, adapter);
  }

  /// The same, but it fails after its last step.
  public FakeScript failing(FailureReason reason) {
    return new FakeScript(queued, stepTime, steps, checkpointEvery, Optional.of(reason), adapter);
  }

  /// The same, and it leaves this adapter.
  public FakeScript leaving(Path adapter) {
    return new FakeScript(queued, stepTime, steps, checkpointEvery, failure, Optional.of(adapter));
  }
}

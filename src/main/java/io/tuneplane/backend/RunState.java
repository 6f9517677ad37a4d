package io.tuneplane.backend;

import java.time.Instant;

/// Where a run stands. The states that end it carry their result.
public sealed interface RunState {

  /// Accepted, not started.
  record Queued() implements RunState {}

  /// At work.
  record Running(Instant since) implements RunState {}

  /// Stopped after a checkpoint; [TrainingBackend#resume] lets it go on.
  record Paused() implements RunState {}

  /// Done.
  record Succeeded(TrainedModel model, Usage usage) implements RunState {}

  /// Ended without a result.
  record Failed(FailureReason reason) implements RunState {}

  /// Ended because it was asked to, by us or in the place itself.
  record Cancelled() implements RunState {}

  /// Whether nothing will change any more.
  default boolean ended() {
    return switch (this) {
      case Queued _, Running _, Paused _ -> false;
      case Succeeded _, Failed _, Cancelled _ -> true;
    };
  }
}

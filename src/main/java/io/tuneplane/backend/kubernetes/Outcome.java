package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.tuneplane.backend.FailureReason;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a run ended: `outcome.json`. Never changes once it is there.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Outcome.Succeeded.class, name = "succeeded"),
  @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = Outcome.Cancelled.class, name = "cancelled")
})
sealed interface Outcome {

  /// It left an adapter.
  ///
  /// @param adapterDigest SHA-256 of the adapter's weights in hex
  /// @param baseDigest SHA-256 of the base's weights in hex
  /// @param seconds time at work, all attempts
  record Succeeded(
      String adapterDigest,
      String baseDigest,
      long tokens,
      long steps,
      double seconds,
      long peakMemoryBytes)
      implements Outcome {}

  record Failed(String code, String message, boolean retryable) implements Outcome {}

  record Cancelled() implements Outcome {}

  /// As callers see it.
  ///
  /// @param work the folder that the runner worked in
  default RunState state(Path work) {
    return switch (this) {
      case Succeeded done ->
          new RunState.Succeeded(
              new TrainedModel(
                  done.adapterDigest(),
                  Optional.of(work.resolve("adapter")),
                  Optional.of(work.resolve("golden.jsonl")),
                  Optional.of(done.baseDigest())),
              new Usage(
                  done.tokens(),
                  done.steps(),
                  Duration.ofMillis(Math.round(done.seconds() * 1000)),
                  done.peakMemoryBytes()));
      case Failed failed ->
          new RunState.Failed(
              new FailureReason(failed.code(), failed.message(), failed.retryable()));
      case Cancelled _ -> new RunState.Cancelled();
    };
  }
}

package io.tuneplane.backend.openai;

import com.openai.models.finetuning.jobs.FineTuningJob;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.FailureReason;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Translates a job's status. It is read as text: the API has statuses (`paused`) that its own
/// description does not list, and may get others.
final class WireStates {

  private static final String BROKEN_AT_THE_HOST = "server_error";

  private WireStates() {}

  /// @param lastStep the last optimiser step that the job's events tell of: the job itself has none
  static RunState of(FineTuningJob job, long lastStep) {
    return switch (job.status().asString()) {
      case "running" -> new RunState.Running(Instant.ofEpochSecond(job.createdAt()));
      case "paused" -> new RunState.Paused();
      case "succeeded" -> succeeded(job, lastStep);
      case "failed" -> new RunState.Failed(reason(job));
      case "cancelled" -> new RunState.Cancelled();
      // `validating_files`, `queued`, and what nobody has told us of: it has not ended, and more is
      // not claimed.
      default -> new RunState.Queued();
    };
  }

  private static RunState succeeded(FineTuningJob job, long lastStep) {
    String model =
        job.fineTunedModel()
            .orElseThrow(() ->
                new BackendException.Misunderstood(
                    OpenAiSettings.NAME,
                    "observe",
                    job.id() + " has succeeded, but names no fine_tuned_model"));
    Instant created = Instant.ofEpochSecond(job.createdAt());
    Instant finished = job.finishedAt().map(Instant::ofEpochSecond).orElse(created);
    // The wait in the queue is in it: the API does not say when the work began.
    Usage usage =
        new Usage(job.trainedTokens().orElse(0L), lastStep, Duration.between(created, finished), 0);
    return new RunState.Succeeded(
        new TrainedModel(model, Optional.empty(), Optional.empty(), Optional.empty()), usage);
  }

  private static FailureReason reason(FineTuningJob job) {
    Optional<FineTuningJob.Error> error = job.error();
    String code = error.flatMap(e -> e._code().asKnown()).orElse("failed");
    String words = error.flatMap(e -> e._message().asKnown()).orElse("the host gives no reason");
    return new FailureReason(code, words, code.equals(BROKEN_AT_THE_HOST));
  }
}

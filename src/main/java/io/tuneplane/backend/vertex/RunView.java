package io.tuneplane.backend.vertex;

import com.google.genai.types.GoogleRpcStatus;
import com.google.genai.types.JobState;
import com.google.genai.types.TuningJob;
import io.tuneplane.backend.FailureReason;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// A tuning job of Vertex AI, in the terms of the SPI.
final class RunView {

  private final TuningJob job;
  private final JobStats stats;

  RunView(TuningJob job) {
    this.job = job;
    this.stats = JobStats.of(job);
  }

  /// Where it stands. A state that this version does not know is taken for one that goes on: what
  /// has ended says so in a state that is known.
  RunState state() {
    return switch (name()) {
      case JOB_STATE_UNSPECIFIED, JOB_STATE_QUEUED, JOB_STATE_PENDING -> new RunState.Queued();
      case JOB_STATE_RUNNING, JOB_STATE_CANCELLING, JOB_STATE_UPDATING ->
          new RunState.Running(startedAt());
      case JOB_STATE_PAUSED -> new RunState.Paused();
      case JOB_STATE_SUCCEEDED, JOB_STATE_PARTIALLY_SUCCEEDED -> succeeded();
      case JOB_STATE_FAILED -> new RunState.Failed(reason("failed"));
      case JOB_STATE_EXPIRED -> new RunState.Failed(reason("expired"));
      case JOB_STATE_CANCELLED -> new RunState.Cancelled();
    };
  }

  private JobState.Known name() {
    String state = job.state().map(JobState::toString).orElse("");
    for (JobState.Known known : JobState.Known.values()) {
      if (known.toString().equals(state)) {
        return known;
      }
    }
    return state.isEmpty()
        ? JobState.Known.JOB_STATE_UNSPECIFIED
        : JobState.Known.JOB_STATE_RUNNING;
  }

  private RunState succeeded() {
    Optional<TunedName> left = left();
    return left.isPresent()
        ? new RunState.Succeeded(
            new TrainedModel(
                left.get().toString(), Optional.empty(), Optional.empty(), Optional.empty()),
            usage())
        : new RunState.Failed(
            new FailureReason(
                "no_model", "Vertex AI says that the job succeeded and names no endpoint", false));
  }

  /// What the job leaves, once it is named.
  Optional<TunedName> left() {
    return job.tunedModel()
        .flatMap(t -> t.endpoint().map(endpoint -> new TunedName(endpoint, t.model())));
  }

  private Usage usage() {
    Duration work = Duration.between(startedAt(), endedAt());
    return new Usage(
        stats.billableTokens().orElse(0L) * epochs(),
        stats.steps().orElse(0L),
        work.isNegative() ? Duration.ZERO : work,
        0);
  }

  // Tokens of the data set are stated once; every pass over them is paid.
  private long epochs() {
    return job.supervisedTuningSpec()
        .flatMap(s -> s.hyperParameters())
        .flatMap(h -> h.epochCount())
        .or(() ->
            job.preferenceOptimizationSpec()
                .flatMap(s -> s.hyperParameters())
                .flatMap(h -> h.epochCount()))
        .map(Number::longValue)
        .orElse(1L);
  }

  private FailureReason reason(String otherwise) {
    Optional<GoogleRpcStatus> error = job.error();
    String words =
        error.flatMap(GoogleRpcStatus::message).orElse("Vertex AI gives no reason").strip();
    int code = error.flatMap(GoogleRpcStatus::code).orElse(-1);
    return new FailureReason(RpcCode.word(code).orElse(otherwise), words, RpcCode.retryable(code));
  }

  /// When it was accepted.
  Instant createdAt() {
    return job.createTime().orElse(Instant.EPOCH);
  }

  /// When it first ran.
  Instant startedAt() {
    return job.startTime().orElseGet(this::createdAt);
  }

  /// When it ended, by the best time that the service gives.
  Instant endedAt() {
    return job.endTime().or(job::updateTime).orElseGet(this::startedAt);
  }

  JobStats stats() {
    return stats;
  }

  TuningJob job() {
    return job;
  }

  /// The words for an end; empty for a job that goes on.
  Optional<String> ending() {
    return switch (state()) {
      case RunState.Succeeded(TrainedModel model, _) ->
          Optional.of("done: " + TunedName.parse(model.remoteName()).orElseThrow().endpoint());
      case RunState.Failed(FailureReason reason) -> Optional.of("failed: " + reason.message());
      case RunState.Cancelled _ -> Optional.of("cancelled");
      case RunState.Queued _, RunState.Running _, RunState.Paused _ -> Optional.empty();
    };
  }

  /// Names and meanings of `google.rpc.Code`.
  private static final class RpcCode {
    private static final java.util.List<String> NAMES =
        java.util.List.of(
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED");

    static Optional<String> word(int code) {
      return code > 0 && code < NAMES.size()
          ? Optional.of(NAMES.get(code).toLowerCase(Locale.ROOT))
          : Optional.empty();
    }

    static boolean retryable(int code) {
      return switch (word(code).orElse("")) {
        case "unknown",
            "deadline_exceeded",
            "resource_exhausted",
            "aborted",
            "internal",
            "unavailable" ->
            true;
        default -> false;
      };
    }
  }
}

package io.tuneplane.job;

import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.Usage;
import io.tuneplane.job.JobState.JobError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// How a job that ran elsewhere, without us, looks as one of ours. The engine never works on it: it
/// has no wake-up. Its phase is `imported`, whatever its status.
public final class ImportedJob {

  private static final String ACTOR = "import";

  private ImportedJob() {}

  /// Whether a job is one of these.
  public static boolean is(Job job) {
    return job.state().phase() == JobPhase.IMPORTED;
  }

  /// Where such a job came from.
  ///
  /// @param id its id, here and there
  /// @param organisation whose it is here
  /// @param createdAt when it was asked for there
  /// @param finishedAt when it ended there
  public record Origin(
      String id, String organisation, Instant createdAt, Optional<Instant> finishedAt) {}

  /// The job as its place shows it now.
  ///
  /// @param progress what a look at the place showed
  /// @param handle its run in the place
  /// @param now when that was
  public static Job of(
      Origin origin, JobRequest request, RunHandle handle, Progress progress, Instant now) {
    RunState state = progress.state();
    JobRun run =
        new JobRun(handle, progress.next(), lastStep(progress), 0, 0, List.of(), Optional.empty());
    return new Job(
        origin.id(),
        origin.organisation(),
        ACTOR,
        origin.createdAt(),
        request,
        new JobState(
            status(state),
            JobPhase.IMPORTED,
            Optional.of(
                new JobState.Reason(
                    JobState.Reason.Code.IMPORTED, "imported from " + handle.backend())),
            origin.finishedAt().orElse(now),
            state.ended() ? Optional.of(origin.finishedAt().orElse(now)) : Optional.empty(),
            error(state)),
        Optional.empty(),
        Optional.of(run),
        state instanceof RunState.Succeeded(TrainedModel model, Usage usage)
            ? Optional.of(
                new JobResult(
                    model.remoteName(),
                    usage.trainedTokens(),
                    usage.wallTime().toSeconds(),
                    "not asked: it was tuned without us",
                    List.of()))
            : Optional.empty(),
        JobCourse.from(now));
  }

  private static long lastStep(Progress progress) {
    return progress.events().stream()
        .mapToLong(event ->
            switch (event) {
              case TrainingEvent.Log _ -> 0;
              case TrainingEvent.Metrics metrics -> metrics.step();
              case TrainingEvent.Checkpoint checkpoint -> checkpoint.step();
            })
        .max()
        .orElse(0);
  }

  private static JobStatus status(RunState state) {
    return switch (state) {
      case RunState.Queued _, RunState.Paused _ -> JobStatus.QUEUED;
      case RunState.Running _ -> JobStatus.RUNNING;
      case RunState.Succeeded _ -> JobStatus.SUCCEEDED;
      case RunState.Failed _ -> JobStatus.FAILED;
      case RunState.Cancelled _ -> JobStatus.CANCELLED;
    };
  }

  private static Optional<JobError> error(RunState state) {
    return state instanceof RunState.Failed failed
        ? Optional.of(
            new JobError(failed.reason().code(), failed.reason().message(), Optional.empty()))
        : Optional.empty();
  }

  /// The model that it left, if it has succeeded: it may be called, where it is.
  public static Optional<TunedModel> model(Job job, RunState state) {
    return state instanceof RunState.Succeeded(TrainedModel model, Usage _)
        ? Optional.of(
            new TunedModel(
                model.remoteName(),
                job.organisation(),
                job.request().model().name().orElseThrow(),
                job.run().orElseThrow().handle().backend(),
                job.request().model().method(),
                job.id(),
                job.state().finishedAt().orElseThrow(),
                model,
                Set.of()))
        : Optional.empty();
  }

  /// The events, numbered on.
  ///
  /// @param lastSeq the number of the last one that is there already
  public static List<JobEvent> events(List<TrainingEvent> events, long lastSeq) {
    List<JobEvent> numbered = new ArrayList<>();
    for (TrainingEvent event : events) {
      numbered.add(event(lastSeq + numbered.size() + 1, event));
    }
    return numbered;
  }

  private static JobEvent event(long seq, TrainingEvent event) {
    return switch (event) {
      case TrainingEvent.Log log ->
          JobEvent.message(seq, log.at(), JobEvent.Level.valueOf(log.level().name()), log.text());
      case TrainingEvent.Metrics m ->
          new JobEvent(
              seq,
              m.at(),
              JobEvent.Type.METRICS,
              JobEvent.Level.INFO,
              "Step %d/%d".formatted(m.step(), m.totalSteps()),
              figures(m.step(), m.values()));
      case TrainingEvent.Checkpoint c ->
          new JobEvent(
              seq,
              c.at(),
              JobEvent.Type.CHECKPOINT,
              JobEvent.Level.INFO,
              "Checkpoint of step " + c.step(),
              figures(c.step(), c.values()));
    };
  }

  private static SequencedMap<String, Object> figures(long step, Map<String, Double> values) {
    SequencedMap<String, Object> data = new LinkedHashMap<>();
    data.put("step", step);
    data.putAll(values);
    return data;
  }

  /// The checkpoints among the events.
  public static List<JobCheckpoint> checkpoints(String job, List<TrainingEvent> events) {
    return events.stream()
        .filter(TrainingEvent.Checkpoint.class::isInstance)
        .map(TrainingEvent.Checkpoint.class::cast)
        .map(c -> new JobCheckpoint(c.id(), job, c.step(), c.reference(), c.at(), c.values()))
        .toList();
  }
}

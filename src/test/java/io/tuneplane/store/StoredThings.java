package io.tuneplane.store;

import io.tuneplane.backend.Method;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.job.Advance;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobCheckpoint;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobPhase;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobState;
import io.tuneplane.job.JobStatus;
import io.tuneplane.job.TunedModel;
import io.tuneplane.policy.AuditEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/// Things to keep.
final class StoredThings {

  static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123456789Z");
  static final String ORGANISATION = "default";

  private StoredThings() {}

  static Job job(String id) {
    return job(id, ORGANISATION, NOW, Map.of("team", "a"));
  }

  static Job job(String id, String organisation, Instant at, Map<String, String> metadata) {
    JobRequest request =
        new JobRequest(
            new JobRequest.ModelRequest(
                Optional.of("smollm2-135m-instruct"),
                Optional.empty(),
                Method.SUPERVISED,
                HyperparameterChoices.AUTO,
                Optional.of(7L),
                Optional.of("support")),
            "file-a",
            Optional.empty(),
            JobRequest.Placement.ANYWHERE,
            metadata);
    return Job.asked(id, organisation, "key-1", request, at);
  }

  static Job running(Job job) {
    return inState(job, JobStatus.RUNNING);
  }

  static Job inState(Job job, JobStatus status) {
    JobState state =
        new JobState(
            status, JobPhase.TRAINING, Optional.empty(), NOW, Optional.empty(), Optional.empty());
    return new Job(
        job.id(),
        job.organisation(),
        job.actor(),
        job.createdAt(),
        job.request(),
        state,
        job.plan(),
        job.run(),
        job.result(),
        job.course());
  }

  static List<JobEvent> events(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(StoredThings::event).toList();
  }

  static JobEvent event(long seq) {
    return new JobEvent(
        seq,
        NOW,
        JobEvent.Type.METRICS,
        JobEvent.Level.INFO,
        "Step " + seq,
        new LinkedHashMap<>(Map.of("train_loss", 1.5)));
  }

  static JobCheckpoint checkpoint(String jobId, long step) {
    return new JobCheckpoint(
        "ftckpt_" + jobId + step, jobId, step, "step-" + step, NOW, Map.of("train_loss", 0.5));
  }

  static AuditEvent egress(String what) {
    return AuditEvent.of(NOW, AuditEvent.Kind.EGRESS, Map.of("what", what));
  }

  static TunedModel model(String name, String organisation, Optional<Path> adapter) {
    return new TunedModel(
        name,
        organisation,
        "smollm2-135m-instruct",
        "local",
        Method.SUPERVISED,
        "ftjob-a",
        NOW,
        new TrainedModel("digest", adapter, Optional.empty(), Optional.of("ab")),
        Set.of("hipaa"));
  }

  /// A step that only changes the job.
  static Advance step(Job next, long version, List<JobEvent> events) {
    return new Advance(
        next,
        version,
        events,
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.of(NOW.plusSeconds(5)));
  }
}

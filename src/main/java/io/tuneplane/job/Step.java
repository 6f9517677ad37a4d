package io.tuneplane.job;

import io.tuneplane.job.Advance.Spending;
import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.policy.AuditEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one step makes of a job: the job as it will be, and everything that must be kept with it.
record Step(
    Job job,
    List<Draft> events,
    List<JobCheckpoint> checkpoints,
    List<AuditEvent> audit,
    List<TunedModel> models,
    Optional<Spending> spending) {

  static Step to(Job job) {
    return new Step(job, List.of(), List.of(), List.of(), List.of(), Optional.empty());
  }

  Step say(Level level, String words) {
    return say(List.of(new Draft(JobEvent.Type.MESSAGE, level, words)));
  }

  Step say(List<Draft> more) {
    List<Draft> all = new ArrayList<>(events);
    all.addAll(more);
    return new Step(job, all, checkpoints, audit, models, spending);
  }

  Step keep(List<JobCheckpoint> made) {
    return new Step(job, events, made, audit, models, spending);
  }

  Step record(AuditEvent line) {
    return new Step(job, events, checkpoints, List.of(line), models, spending);
  }

  Step publish(List<TunedModel> known) {
    return new Step(job, events, checkpoints, audit, known, spending);
  }

  Step spend(Optional<Spending> part) {
    return new Step(job, events, checkpoints, audit, models, part);
  }

  /// The step as the store takes it.
  Advance from(JobStore.Stored before, Instant now) {
    List<JobEvent> numbered = new ArrayList<>();
    for (Draft draft : events) {
      numbered.add(draft.numbered(before.lastSeq() + numbered.size() + 1, now));
    }
    return new Advance(
        job, before.version(), numbered, checkpoints, audit, models, spending, job.wakeAt());
  }
}

package io.tuneplane.job;

import io.tuneplane.job.JobEvent.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Writes one job's states and events, and wakes whoever follows it. One worker writes; any number
/// of threads may follow.
final class JobLog {

  private final Jobs jobs;
  private final InstantSource clock;
  private Job job;
  private long lastSeq;

  JobLog(Jobs jobs, InstantSource clock, Job job) {
    this.jobs = jobs;
    this.clock = clock;
    this.job = job;
    List<JobEvent> known = jobs.events(job.id(), 0);
    this.lastSeq = known.isEmpty() ? 0 : known.getLast().seq();
  }

  synchronized Job job() {
    return job;
  }

  /// Keeps the job's next state, and a message that says what happened.
  Job save(Job next, Level level, String message) {
    return save(next, List.of(new Draft(JobEvent.Type.MESSAGE, level, message)));
  }

  /// Keeps the job's next state with nothing to say about it.
  Job save(Job next) {
    return save(next, List.of());
  }

  /// Keeps the job's next state and what led there, in one step.
  synchronized Job save(Job next, List<Draft> drafts) {
    List<JobEvent> events = new ArrayList<>();
    for (Draft draft : drafts) {
      events.add(draft.numbered(lastSeq + events.size() + 1, clock.instant()));
    }
    jobs.save(next, events);
    lastSeq += events.size();
    job = next;
    notifyAll();
    return next;
  }

  /// Waits until there are events behind `after`, or the job is no longer worked on.
  synchronized void awaitNews(long after, java.util.function.BooleanSupplier stopped)
      throws InterruptedException {
    while (lastSeq <= after && !job.state().status().ended() && !stopped.getAsBoolean()) {
      wait();
    }
  }

  /// Wakes followers after the worker has stopped.
  synchronized void wake() {
    notifyAll();
  }
}

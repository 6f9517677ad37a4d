package io.tuneplane.job;

import io.tuneplane.job.Act.Turn.Kind;
import io.tuneplane.job.JobCourse.Wanted;
import io.tuneplane.job.JobCourse.Wishes;
import java.time.Instant;

/// Names the next act of a job. Pure.
final class JobActs {

  private JobActs() {}

  /// What to do for a job as it was read from the store.
  static Act next(Job job, Instant now) {
    if (job.ended()) {
      return new Act.Nothing();
    }
    Instant due = job.course().dueAt();
    return now.isBefore(due) ? new Act.Wait(due) : due(job);
  }

  private static Act due(Job job) {
    JobCourse course = job.course();
    JobPhase phase = job.state().phase();
    if (phase != JobPhase.PAUSED || course.held().isEmpty()) {
      return in(phase, job);
    }
    // A held job tries again where it was, unless somebody wants it held.
    return course.wishes().wanted() == Wanted.PAUSE
        ? new Act.Turn(Kind.HELD)
        : in(course.held().get(), job);
  }

  private static Act in(JobPhase phase, Job job) {
    return switch (phase) {
      case VALIDATING, DECIDING -> unlessStopped(job, new Act.Plan());
      case SUBMITTING ->
          job.course().submission().begun().isPresent()
              ? new Act.Turn(Kind.LEFT_BEHIND)
              : unlessStopped(job, new Act.Submit());
      case RECONCILING -> new Act.Find();
      case QUEUED, TRAINING, PAUSED -> withRun(job);
      case GATING -> unlessCancelled(job, new Act.Gate());
      case PUBLISHING -> unlessCancelled(job, new Act.Publish());
      case IMPORTED, ENDED -> new Act.Nothing();
    };
  }

  private static Act unlessStopped(Job job, Act act) {
    return switch (job.course().wishes().wanted()) {
      case RUN -> act;
      case PAUSE -> new Act.Turn(Kind.HELD);
      case CANCEL -> new Act.Turn(Kind.CANCELLED);
    };
  }

  private static Act unlessCancelled(Job job, Act act) {
    return job.course().wishes().wanted() == Wanted.CANCEL ? new Act.Turn(Kind.CANCELLED) : act;
  }

  private static Act withRun(Job job) {
    JobRun run = job.run().orElseThrow();
    Wishes wishes = job.course().wishes();
    return wishes.wanted() == wishes.told()
        ? new Act.Observe(run.handle(), run.cursor())
        : new Act.Tell(run.handle(), wishes.wanted());
  }
}

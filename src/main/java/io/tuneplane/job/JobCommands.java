package io.tuneplane.job;

import io.tuneplane.job.JobCourse.Wanted;
import io.tuneplane.job.JobCourse.Wishes;
import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobState.Reason;
import io.tuneplane.job.JobState.Reason.Code;
import java.time.Instant;
import java.util.Optional;

/// What users may ask of a job. Pure; empty where the job is as asked already.
final class JobCommands {

  private JobCommands() {}

  /// Asks it to end; one that has no run yet, or whose run is over, ends at once.
  static Optional<Step> cancel(Job job, Instant now) {
    refuseEnded(job);
    if (job.course().wishes().wanted() == Wanted.CANCEL) {
      return Optional.empty();
    }
    boolean atOnce =
        job.run().map(run -> run.outcome().isPresent()).orElseGet(() -> noRunPossible(job));
    return Optional.of(
        atOnce
            ? Endings.cancelled(job, "The job was cancelled", now)
            : want(job, Wanted.CANCEL, now).say(Level.INFO, "Cancellation was asked for"));
  }

  /// Asks it to stop after a checkpoint; one that has no run yet is held at once.
  ///
  /// @param pausable whether the place of its run can pause
  static Optional<Step> pause(Job job, boolean pausable, Instant now) {
    refuseStopping(job);
    if (job.course().wishes().wanted() == Wanted.PAUSE) {
      return Optional.empty();
    }
    if (job.run().filter(run -> run.outcome().isPresent()).isPresent()) {
      throw new JobStateException(job.id() + " is nearly done and can't be paused any more");
    }
    if (job.run().isPresent() && !pausable) {
      throw new JobStateException(
          job.run().get().handle().backend() + " can't pause; cancel the job, or let it run");
    }
    return Optional.of(
        noRunPossible(job)
            ? Turns.held(
                want(job, Wanted.PAUSE, now).job(),
                new Reason(Code.PAUSED, "paused by a user"),
                Turns.HOLD,
                now)
            : want(job, Wanted.PAUSE, now).say(Level.INFO, "A pause was asked for"));
  }

  /// Lets it go on.
  static Optional<Step> resume(Job job, Instant now) {
    refuseStopping(job);
    Wishes wishes = job.course().wishes();
    if (wishes.wanted() == Wanted.RUN && job.state().phase() != JobPhase.PAUSED) {
      return Optional.empty();
    }
    Optional<JobPhase> held = job.course().held();
    Job going = want(job, Wanted.RUN, now).job();
    Job next =
        held.isPresent()
            ? going.in(held.get(), now)
            : going.with(
                // Also where the place was paused by somebody else, it is told to go on.
                going.course().wish(new Wishes(Wanted.RUN, Wanted.PAUSE, wishes.toldAt())));
    return Optional.of(Step.to(next).say(Level.INFO, "The job goes on"));
  }

  private static Step want(Job job, Wanted wanted, Instant now) {
    JobCourse course = job.course();
    return Step.to(job.with(course.wish(course.wishes().want(wanted)).due(now)));
  }

  /// Whether it is certain that the job has no run.
  private static boolean noRunPossible(Job job) {
    JobPhase phase = job.course().held().orElse(job.state().phase());
    return job.run().isEmpty()
        && phase.beforeSubmission()
        && job.course().submission().begun().isEmpty();
  }

  private static void refuseStopping(Job job) {
    refuseEnded(job);
    if (job.course().wishes().wanted() == Wanted.CANCEL) {
      throw new JobStateException(job.id() + " is being cancelled");
    }
  }

  private static void refuseEnded(Job job) {
    if (job.state().phase() == JobPhase.IMPORTED) {
      throw new JobStateException(job.id() + " ran without us and can only be looked at");
    }
    if (job.ended()) {
      throw new JobStateException(
          "%s has ended: %s".formatted(job.id(), job.state().status().wireName()));
    }
  }
}

package io.tuneplane.job;

import io.tuneplane.job.JobCourse.Wanted;
import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobState.Reason;
import io.tuneplane.job.JobState.Reason.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Steps that need nobody outside. Pure.
final class Turns {

  /// How often a job that is held is looked at, so that it is never forgotten.
  static final Duration HOLD = Duration.ofHours(1);

  private Turns() {}

  static Step of(Job job, Act.Turn.Kind kind, Instant now) {
    return switch (kind) {
      case CANCELLED -> Endings.cancelled(job, "The job was cancelled", now);
      case HELD -> held(job, new Reason(Code.PAUSED, "paused by a user"), HOLD, now);
      case LEFT_BEHIND ->
          reconcile(job, new Reason(Code.OUTCOME_UNKNOWN, "the submission was interrupted"), now)
              .say(
                  Level.WARN,
                  "Whoever submitted the job stopped in the middle; asking the place whether it has"
                      + " the run");
    };
  }

  /// Keeps a job where it is until somebody lets it go on.
  static Step held(Job job, Reason why, Duration lookAgain, Instant now) {
    JobCourse course = job.course();
    Optional<JobPhase> where = course.held().or(() -> Optional.of(job.state().phase()));
    boolean news = job.state().reason().filter(why::equals).isEmpty();
    Job at = job.state().phase() != JobPhase.PAUSED ? job.in(JobPhase.PAUSED, now) : job;
    Step step =
        Step.to(at.with(at.state().because(why)).with(course.hold(where).due(now.plus(lookAgain))));
    return news ? step.say(Level.INFO, "The job is paused: " + why.words()) : step;
  }

  /// Goes over to asking what came of a submission.
  static Step reconcile(Job job, Reason why, Instant now) {
    Job at = job.in(JobPhase.RECONCILING, now);
    return Step.to(at.with(at.state().because(why)));
  }

  /// A submission is about to be made: what must be on disk before it is.
  static Step begin(Job job, Instant now) {
    Job at = job;
    if (job.state().phase() != JobPhase.SUBMITTING) {
      at = job.in(JobPhase.SUBMITTING, now);
      // Why it was held stays until it is known that it no longer is.
      at = job.state().reason().map(at.state()::because).map(at::with).orElse(at);
    }
    JobCourse course = at.course();
    return Step.to(at.with(course.submitting(course.submission().begin(now)).due(now)));
  }

  /// Whether the user wants it to stop.
  static boolean cancelled(Job job) {
    return job.course().wishes().wanted() == Wanted.CANCEL;
  }
}

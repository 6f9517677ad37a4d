package io.tuneplane.job;

import io.tuneplane.backend.RunHandle;
import io.tuneplane.job.Advance.Spending;
import io.tuneplane.job.JobCourse.Wanted;
import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobState.JobError;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/// The ways in which a job ends without a result; each settles what was reserved. Pure.
final class Endings {

  private Endings() {}

  /// It failed.
  static Step failed(Job job, JobError error, Instant now) {
    Job ended = job.with(job.state().failed(error, now));
    return Step.to(ended)
        .spend(settled(ended))
        .say(Level.ERROR, "The job failed: " + error.message());
  }

  /// It was cancelled, or has failed where it was being given up.
  static Step cancelled(Job job, String words, Instant now) {
    Optional<JobError> givingUp = job.course().givingUp();
    if (givingUp.isPresent()) {
      return failed(job, givingUp.get(), now);
    }
    Job ended = job.with(job.state().ended(JobStatus.CANCELLED, now));
    return Step.to(ended).spend(settled(ended)).say(Level.INFO, words);
  }

  /// Fails a job, but stops its run before: nobody may go on paying for a run that nobody looks
  /// after.
  static Step givenUp(Job job, JobError error, Instant now) {
    boolean stoppable =
        job.run().filter(run -> run.outcome().isEmpty()).isPresent()
            && job.course().givingUp().isEmpty()
            && job.course().wishes().wanted() != Wanted.CANCEL;
    if (!stoppable) {
      JobError why = job.course().givingUp().orElse(error);
      return job.run().filter(run -> run.outcome().isEmpty()).isEmpty()
          ? failed(job, why, now)
          : failed(job, why, now).say(Level.WARN, leftAlone(job.run().get().handle()));
    }
    JobCourse course = job.course();
    Job stopping =
        job.with(
            course
                .giveUp(error)
                .wish(course.wishes().want(Wanted.CANCEL))
                .troubled(JobCourse.Trouble.NONE)
                .due(now));
    return Step.to(stopping).say(Level.ERROR, error.message() + "; stopping the run");
  }

  static String leftAlone(RunHandle run) {
    return "%s was not stopped, as far as is known: look for %s there"
        .formatted(run.backend(), run.remoteId());
  }

  /// What was reserved, replaced by what was used.
  static Optional<Spending> settled(Job ended) {
    return ended
        .course()
        .reserved()
        .map(reserved ->
            new Spending(
                reserved.month(),
                ended
                    .actual()
                    .usd()
                    .map(BigDecimal::new)
                    .orElseGet(() -> new BigDecimal(reserved.usd())),
                true,
                Optional.empty()));
  }
}

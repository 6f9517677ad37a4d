package io.tuneplane.job;

import io.tuneplane.backend.BackendException;
import io.tuneplane.job.Advance.Spending;
import io.tuneplane.job.JobCourse.Trouble;
import io.tuneplane.job.JobCourse.Wanted;
import io.tuneplane.job.JobCourse.Wishes;
import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.job.JobState.Reason;
import io.tuneplane.job.JobState.Reason.Code;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;

/// What a job does about calls that failed. Pure.
final class Setbacks {

  /// How often a job that waits for an operator tries again by itself.
  static final Duration OPERATOR = Duration.ofMinutes(15);

  /// A deadline is only held against a job after this many failures in a row: time in which this
  /// server was off is nobody's failure.
  static final int FAILURES_THAT_COUNT = 8;

  private final Deadlines deadlines;

  Setbacks(Deadlines deadlines) {
    this.deadlines = deadlines;
  }

  Step failed(Job job, Act act, BackendException failure, Instant now) {
    return switch (act) {
      case Act.Submit _ -> submit(job, failure, now);
      case Act.Tell tell -> tell(job, tell.wanted(), failure, now);
      case Act.Find _ -> find(job, failure, now);
      case Act.Gate _ when failure instanceof BackendException.Rejected ->
          Endings.failed(
              job, JobError.of("gate_failed", String.valueOf(failure.getMessage())), now);
      case Act.Nothing _,
          Act.Wait _,
          Act.Turn _,
          Act.Plan _,
          Act.Observe _,
          Act.Gate _,
          Act.Publish _ ->
          about(job, next(job, failure), now);
    };
  }

  /// The same for what broke on our side.
  Step broken(Job job, Act act, String what, Instant now) {
    if (act instanceof Act.Submit) {
      return reconcile(job, new Reason(Code.OUTCOME_UNKNOWN, what), now);
    }
    int failures = job.course().trouble().failures() + 1;
    Next next = new RetryPolicy(jitter(job, failures)).broken(what, failures);
    return act instanceof Act.Find ? patiently(job, next, now) : about(job, next, now);
  }

  private Step submit(Job job, BackendException failure, Instant now) {
    Job known = job.with(job.course().submitting(job.course().submission().known()));
    return switch (failure) {
      // An answer that can't be read may have been a yes.
      case BackendException.OutcomeUnknown _,
          BackendException.Misunderstood _,
          BackendException.RunLost _ ->
          reconcile(
              job, new Reason(Code.OUTCOME_UNKNOWN, String.valueOf(failure.getMessage())), now);
      case BackendException.Rejected _,
          BackendException.Unauthorized _,
          BackendException.Closed _,
          BackendException.Exhausted _,
          BackendException.Unavailable _ ->
          about(known, next(known, failure), now);
    };
  }

  private static Step reconcile(Job job, Reason why, Instant now) {
    return Turns.reconcile(job, why, now)
        .say(Level.WARN, "It is not known whether the place has the run: " + why.words());
  }

  /// A look that fails never ends a job: there may be a run.
  private Step find(Job job, BackendException failure, Instant now) {
    return patiently(job, next(job, failure), now);
  }

  private Step patiently(Job job, Next next, Instant now) {
    return switch (next) {
      case Next.Retry retry -> wait(job, retry.after(), retry.why(), now);
      case Next.Reconcile reconcile -> wait(job, reconcile.after(), reconcile.why(), now);
      case Next.Pause pause -> Turns.held(job, pause.why(), OPERATOR, now);
      case Next.Elsewhere elsewhere ->
          wait(job, OPERATOR, new Reason(Code.OUTCOME_UNKNOWN, elsewhere.words()), now);
      case Next.Fail fail ->
          wait(job, OPERATOR, new Reason(Code.OUTCOME_UNKNOWN, fail.error().message()), now);
    };
  }

  private Step tell(Job job, Wanted wanted, BackendException failure, Instant now) {
    boolean pointless =
        failure instanceof BackendException.Rejected || failure instanceof BackendException.RunLost;
    if (!pointless) {
      return about(job, next(job, failure), now);
    }
    String words = String.valueOf(failure.getMessage());
    JobCourse course = job.course();
    return switch (wanted) {
      // What is wanted has come about, or the next look says what has.
      case CANCEL ->
          Step.to(job.with(course.wish(course.wishes().told(Wanted.CANCEL, now)).due(now)))
              .say(Level.WARN, "The place could not stop the run: " + words);
      case PAUSE, RUN ->
          Step.to(job.with(course.wish(Wishes.NONE).due(now)))
              .say(Level.WARN, "The place refused: " + words);
    };
  }

  private Step about(Job job, Next next, Instant now) {
    return switch (next) {
      case Next.Retry retry -> again(job, retry, now);
      case Next.Pause pause -> Turns.held(job, pause.why(), OPERATOR, now);
      case Next.Reconcile reconcile -> wait(job, reconcile.after(), reconcile.why(), now);
      case Next.Elsewhere elsewhere -> elsewhere(job, elsewhere.words(), now);
      case Next.Fail fail -> fail(job, fail.error(), now);
    };
  }

  private static Step fail(Job job, JobError error, Instant now) {
    return error.code().equals("run_lost")
        ? Endings.failed(job, job.course().givingUp().orElse(error), now)
        : Endings.givenUp(job, error, now);
  }

  private Step again(Job job, Next.Retry retry, Instant now) {
    Trouble trouble = job.course().trouble().more(now);
    Optional<Duration> patience = patience(job.state().phase());
    boolean over =
        trouble.failures() >= FAILURES_THAT_COUNT
            && patience
                .filter(p -> Duration.between(trouble.since().orElse(now), now).compareTo(p) > 0)
                .isPresent();
    return over
        ? Endings.givenUp(
            job,
            JobError.of(
                "stalled",
                "it has been tried for %d h in vain: %s"
                    .formatted(patience.orElseThrow().toHours(), retry.why().words())),
            now)
        : wait(job, retry.after(), retry.why(), now);
  }

  private Optional<Duration> patience(JobPhase phase) {
    return switch (phase) {
      case SUBMITTING -> Optional.of(deadlines.submitting());
      case GATING, PUBLISHING -> Optional.of(deadlines.gating());
      case VALIDATING, DECIDING, RECONCILING, QUEUED, TRAINING, PAUSED, IMPORTED, ENDED ->
          Optional.empty();
    };
  }

  private static Step wait(Job job, Duration after, Reason why, Instant now) {
    JobCourse course = job.course();
    Job waiting =
        job.with(job.state().because(why))
            .with(course.troubled(course.trouble().more(now)).due(now.plus(after)));
    boolean known = job.state().reason().filter(why::equals).isPresent();
    Step step = Step.to(waiting);
    return known
        ? step
        : step.say(
            Level.WARN,
            "Waiting %d s, then trying again: %s".formatted(after.toSeconds(), why.words()));
  }

  private static Step elsewhere(Job job, String words, Instant now) {
    String place = job.plan().map(JobPlan::backend).orElse("the place");
    if (!job.request().placement().auto() || job.plan().isEmpty() || job.run().isPresent()) {
      return Endings.givenUp(
          job, JobError.of("training_not_available", place + " says: " + words), now);
    }
    Job at = job.in(JobPhase.DECIDING, now);
    Optional<Spending> freed =
        job.course()
            .reserved()
            .map(r -> new Spending(r.month(), BigDecimal.ZERO, true, Optional.empty()));
    return Step.to(at.with(at.course().shut(place, words).reserve(Optional.empty())))
        .spend(freed)
        .say(
            Level.WARN,
            "%s is closed: %s; deciding again among the remaining places".formatted(place, words));
  }

  private static Next next(Job job, BackendException failure) {
    int failures = job.course().trouble().failures() + 1;
    return new RetryPolicy(jitter(job, failures)).next(failure, failures);
  }

  /// Chance that is the same whenever the same step is computed again.
  private static SplittableRandom jitter(Job job, int failures) {
    return new SplittableRandom(31L * job.id().hashCode() + failures);
  }
}

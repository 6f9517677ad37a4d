package io.tuneplane.job;

import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunState;
import io.tuneplane.job.JobCourse.Trouble;
import io.tuneplane.job.JobCourse.Wanted;
import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobRun.RunOutcome;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.job.JobState.Reason;
import io.tuneplane.job.JobState.Reason.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a look at a run makes of its job. Pure.
final class Watching {

  static final Duration LONGEST_LOOK = Duration.ofSeconds(30);

  /// While nothing happens, the next look is due after this share of the time since something did.
  private static final int PATIENCE = 20;

  /// A look that comes later than this says that nobody looked: no server ran, the place was out of
  /// reach, or a clock was set.
  private static final Duration LATE = Duration.ofMinutes(5);

  private final Deadlines deadlines;

  Watching(Deadlines deadlines) {
    this.deadlines = deadlines;
  }

  Step seen(Job before, Progress progress, Instant now) {
    JobRun run = before.run().orElseThrow();
    Intake intake = Intake.of(before, progress);
    boolean news = intake.isNews(run);
    Job job = calm(before.running(intake.run()), news, now);
    Step step =
        progress.state().ended() && news
            // The end may be known before the last page of what led there.
            ? Step.to(job.with(job.course().due(now)))
            : state(job, progress, news, now);
    return new Step(
            step.job(),
            intake.events(),
            intake.checkpoints(),
            step.audit(),
            step.models(),
            step.spending())
        .say(step.events());
  }

  private static Job calm(Job job, boolean news, Instant now) {
    JobState state = job.state();
    JobState heard =
        new JobState(
            state.status(),
            state.phase(),
            Optional.empty(),
            news ? now : state.lastProgressAt(),
            state.finishedAt(),
            state.error());
    JobCourse course = job.course().troubled(Trouble.NONE);
    return job.with(heard).with(unwatched(job.course(), now) ? course.watched(now) : course);
  }

  private static boolean unwatched(JobCourse course, Instant now) {
    Instant last = course.trouble().since().orElse(course.dueAt());
    return Duration.between(last, now).compareTo(LATE) > 0;
  }

  private Step state(Job job, Progress progress, boolean news, Instant now) {
    return switch (progress.state()) {
      case RunState.Queued _ -> going(in(job, JobPhase.QUEUED, now), progress, news, now);
      case RunState.Running _ -> going(in(job, JobPhase.TRAINING, now), progress, news, now);
      case RunState.Paused _ -> going(paused(job, now), progress, news, now);
      case RunState.Succeeded succeeded -> succeeded(job, succeeded, now);
      case RunState.Failed failed -> {
        JobError error = JobError.of(failed.reason().code(), failed.reason().message());
        yield Turns.cancelled(job) && job.course().givingUp().isEmpty()
            ? Endings.cancelled(
                job, "The job was cancelled; its run had failed: " + error.message(), now)
            : Endings.failed(job, job.course().givingUp().orElse(error), now);
      }
      case RunState.Cancelled _ ->
          Endings.cancelled(
              job,
              Turns.cancelled(job)
                  ? "The job was cancelled"
                  : "The run was cancelled in the place itself, not by us",
              now);
    };
  }

  private static Step in(Job job, JobPhase phase, Instant now) {
    if (job.state().phase() == phase) {
      return Step.to(job);
    }
    Step step = Step.to(job.in(phase, now));
    return phase == JobPhase.TRAINING ? step.say(Level.INFO, "Fine-tuning job started") : step;
  }

  private static Step paused(Job job, Instant now) {
    boolean ours = job.course().wishes().wanted() == Wanted.PAUSE;
    Step step = in(job, JobPhase.PAUSED, now);
    Reason why =
        ours
            ? new Reason(Code.PAUSED, "paused by a user")
            : new Reason(Code.PAUSED_OUTSIDE, "paused in the place itself, not by us");
    Job at = step.job().with(step.job().state().because(why));
    boolean known = job.state().phase() == JobPhase.PAUSED;
    return known ? Step.to(at) : Step.to(at).say(Level.INFO, "The job is paused: " + why.words());
  }

  /// Plans the next look, unless the job does not get on any more.
  private Step going(Step step, Progress progress, boolean news, Instant now) {
    Job job = step.job();
    Duration still = Duration.between(job.state().lastProgressAt(), now);
    Duration watched = job.course().watchedSince().map(s -> Duration.between(s, now)).orElse(still);
    if (job.course().wishes().told() == Wanted.CANCEL) {
      return stopping(step, now);
    }
    Optional<Duration> patience = patience(job);
    if (patience.filter(p -> shorter(still, watched).compareTo(p) > 0).isPresent()) {
      return Endings.givenUp(job, stalled(job, still), now);
    }
    Duration idle = longer(progress.pollAfter(), shorter(still.dividedBy(PATIENCE), LONGEST_LOOK));
    Duration wait = news ? progress.pollAfter() : idle;
    return at(step, now.plus(wait));
  }

  private Optional<Duration> patience(Job job) {
    return switch (job.state().phase()) {
      case QUEUED -> Optional.of(deadlines.queued());
      case TRAINING ->
          Optional.of(
              job.run().filter(run -> run.step() > 0).isPresent()
                  ? deadlines.training()
                  : deadlines.silent());
      case VALIDATING,
          DECIDING,
          SUBMITTING,
          RECONCILING,
          PAUSED,
          GATING,
          PUBLISHING,
          IMPORTED,
          ENDED ->
          Optional.empty();
    };
  }

  private static JobError stalled(Job job, Duration still) {
    return JobError.of(
        "stalled",
        "%s has not got on for %d min while %s"
            .formatted(
                job.run().orElseThrow().handle().backend(),
                still.toMinutes(),
                job.state().phase().wireName()));
  }

  /// A place that was told to stop and does not is left alone after a while, and that is told.
  private Step stopping(Step step, Instant now) {
    Job job = step.job();
    Instant told = job.course().wishes().toldAt().orElse(now);
    if (Duration.between(told, now).compareTo(deadlines.stopping()) <= 0) {
      Duration since = Duration.between(told, now);
      return at(step, now.plus(longer(Duration.ofMillis(250), since.dividedBy(PATIENCE))));
    }
    return Endings.cancelled(job, "The job was cancelled", now)
        .say(Level.WARN, Endings.leftAlone(job.run().orElseThrow().handle()));
  }

  private static Step at(Step step, Instant due) {
    Job job = step.job();
    return new Step(
        job.with(job.course().due(due)),
        step.events(),
        step.checkpoints(),
        step.audit(),
        step.models(),
        step.spending());
  }

  private static Step succeeded(Job job, RunState.Succeeded succeeded, Instant now) {
    RunOutcome left = new RunOutcome(succeeded.model(), succeeded.usage(), Optional.empty());
    Job at = job.running(job.run().orElseThrow().left(left));
    return Turns.cancelled(at)
        ? Endings.cancelled(
            at, "The job was cancelled; its run had just finished, and is not let out", now)
        : Step.to(at.in(JobPhase.GATING, now))
            .say(Level.INFO, "The run is done; checking the model");
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}

package io.tuneplane.job;

import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.job.Advance.Spending;
import io.tuneplane.job.JobCourse.Reserved;
import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.job.JobState.Reason;
import io.tuneplane.job.JobState.Reason.Code;
import io.tuneplane.policy.AuditEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The life of a job: from where it stands and what came of an act, where it stands next. Pure: no
/// clock, no chance, nothing outside.
final class JobMachine {

  /// How long to wait between two looks that find nothing.
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final JobRules rules;
  private final Setbacks setbacks;
  private final Watching watching;

  JobMachine(JobRules rules) {
    this.rules = rules;
    this.setbacks = new Setbacks(rules.deadlines());
    this.watching = new Watching(rules.deadlines());
  }

  /// The step after an act.
  ///
  /// @param job as it was when the act was named; for [Act.Submit], with the intent in it
  Step next(Job job, Act act, Outcome outcome, Instant now) {
    return switch (outcome) {
      case Outcome.Planned planned -> planned(job, planned, now);
      case Outcome.Refused refused -> refused(job, refused.error(), now);
      case Outcome.Submitted submitted -> submitted(job, submitted.run(), "Submitted to", now);
      case Outcome.Looked looked -> looked(job, looked, now);
      case Outcome.Seen(Progress progress) -> watching.seen(job, progress, now);
      case Outcome.Told _ -> told(job, now);
      case Outcome.Gated gated -> Publishing.gated(job, gated.gate(), now);
      case Outcome.Published published -> Publishing.published(job, published, now);
      case Outcome.Failed failed -> setbacks.failed(job, act, failed.failure(), now);
      case Outcome.Broken broken -> setbacks.broken(job, act, broken.what(), now);
    };
  }

  /// What was refused for the user's sake: over the budget, for instance.
  private static Step refused(Job job, JobError error, Instant now) {
    // Whatever was begun has come to nothing: the refusal was ours.
    Job known = job.with(job.course().submitting(job.course().submission().known()));
    return Endings.givenUp(known, error, now);
  }

  private Step planned(Job job, Outcome.Planned outcome, Instant now) {
    JobPlan plan = outcome.planned().plan();
    Optional<JobError> over = overBudget(job, plan);
    if (over.isPresent()) {
      return Endings.failed(job.planned(plan), over.get(), now);
    }
    Optional<Reserved> reserved =
        plan.predicted()
            .usd()
            .map(usd -> new Reserved(YearMonth.from(now.atOffset(ZoneOffset.UTC)), usd));
    Job at = job.planned(plan).in(JobPhase.SUBMITTING, now);
    Job next = at.with(at.course().pinned(outcome.host()).reserve(reserved));
    Optional<Spending> spending =
        reserved.map(
            r -> new Spending(r.month(), new BigDecimal(r.usd()), false, rules.monthlyUsd()));
    List<Draft> words =
        outcome.planned().words().stream()
            .map(w -> new Draft(JobEvent.Type.MESSAGE, Level.INFO, w))
            .toList();
    return Step.to(next).say(words).spend(spending).record(decided(next, plan, now));
  }

  private static Optional<JobError> overBudget(Job job, JobPlan plan) {
    Optional<BigDecimal> most = job.request().placement().budgetUsd().map(BigDecimal::new);
    Optional<BigDecimal> cost = plan.predicted().usd().map(BigDecimal::new);
    return most.isPresent() && cost.isPresent() && cost.get().compareTo(most.get()) > 0
        ? Optional.of(
            JobError.of(
                "budget_exceeded",
                "it would cost $%s, and its budget is $%s"
                    .formatted(cost.get().toPlainString(), most.get().toPlainString())))
        : Optional.empty();
  }

  private static AuditEvent decided(Job job, JobPlan plan, Instant now) {
    return AuditEvent.of(
        now,
        AuditEvent.Kind.DECISION,
        Map.of(
            "actor", job.actor(),
            "job", job.id(),
            "decision", plan.decisionId(),
            "destination", plan.backend(),
            "model", plan.model(),
            "subject", plan.data().digest()));
  }

  static Step submitted(Job job, RunHandle run, String how, Instant now) {
    Job at = job.running(JobRun.started(run)).in(JobPhase.QUEUED, now);
    return Step.to(at.with(at.course().submitting(at.course().submission().known())))
        .say(Level.INFO, how + " " + run.backend() + " as " + run.remoteId());
  }

  /// A run that is found is adopted. None may be started again before none can be hidden any more.
  private static Step looked(Job job, Outcome.Looked looked, Instant now) {
    if (looked.found().isPresent()) {
      return submitted(job, looked.found().get(), "Found its run again at", now);
    }
    JobCourse course = job.course();
    Instant clear = course.submission().begun().orElse(now).plus(looked.window());
    if (now.isBefore(clear)) {
      Instant next = now.plus(LOOK.multipliedBy(1L + course.trouble().failures()));
      return Step.to(
          job.with(job.state().because(new Reason(Code.OUTCOME_UNKNOWN, waiting(clear))))
              .with(
                  course
                      .troubled(course.trouble().more(now))
                      .due(next.isBefore(clear) ? next : clear)));
    }
    Job at = job.in(JobPhase.SUBMITTING, now);
    return Step.to(at.with(at.course().submitting(at.course().submission().known())))
        .say(Level.INFO, "The place has no run of this job; submitting it again");
  }

  private static String waiting(Instant clear) {
    return "the place shows no run yet; it may do so until " + clear;
  }

  private static Step told(Job job, Instant now) {
    JobCourse course = job.course();
    JobCourse.Wanted wanted = course.wishes().wanted();
    String words =
        switch (wanted) {
          case RUN -> "The place was asked to go on";
          case PAUSE -> "The place was asked to pause";
          case CANCEL -> "The place was asked to cancel";
        };
    return Step.to(
            job.with(
                course
                    .wish(course.wishes().told(wanted, now))
                    .troubled(JobCourse.Trouble.NONE)
                    .due(now)))
        .say(Level.INFO, words);
  }
}

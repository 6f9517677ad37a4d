package io.tuneplane.job;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// A fine-tuning job: what was asked, what was decided, how far it is, and what came of it. A new
/// value for every step; the store keeps the newest.
///
/// @param id `ftjob-` and 24 characters
/// @param organisation whose it is
/// @param actor who asked for it: a key's id
/// @param createdAt when it was asked for
/// @param request what was asked
/// @param state where it stands
/// @param plan what was decided, once it was
/// @param run how far the run is, once it was submitted
/// @param result what came of it, once it has succeeded
/// @param course what the next step must know
public record Job(
    String id,
    String organisation,
    String actor,
    Instant createdAt,
    JobRequest request,
    JobState state,
    Optional<JobPlan> plan,
    Optional<JobRun> run,
    Optional<JobResult> result,
    JobCourse course) {

  /// A job that was just asked for.
  public static Job asked(
      String id, String organisation, String actor, JobRequest request, Instant now) {
    return new Job(
        id,
        organisation,
        actor,
        now,
        request,
        JobState.validating(now),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        JobCourse.from(now));
  }

  /// The mark that makes its submission idempotent.
  public String mark() {
    return id.toLowerCase(Locale.ROOT);
  }

  /// Whether nothing will change any more.
  public boolean ended() {
    return state.status().ended();
  }

  /// When somebody must look again; empty once it has ended, and for one that was never ours.
  public Optional<Instant> wakeAt() {
    return ended() || state.phase() == JobPhase.IMPORTED
        ? Optional.empty()
        : Optional.of(course.dueAt());
  }

  /// What it used: measured once it has succeeded, else estimated from how far it came.
  public JobCost actual() {
    return JobMoney.actual(this);
  }

  Job with(JobState next) {
    return new Job(id, organisation, actor, createdAt, request, next, plan, run, result, course);
  }

  Job with(JobCourse next) {
    return new Job(id, organisation, actor, createdAt, request, state, plan, run, result, next);
  }

  /// In a phase that was just reached, no longer held, with no trouble behind it.
  Job in(JobPhase phase, Instant now) {
    return with(JobState.in(phase, now))
        .with(course.troubled(JobCourse.Trouble.NONE).hold(Optional.empty()).due(now));
  }

  Job planned(JobPlan decided) {
    return new Job(
        id,
        organisation,
        actor,
        createdAt,
        request,
        state,
        Optional.of(decided),
        run,
        result,
        course);
  }

  Job running(JobRun at) {
    return new Job(
        id, organisation, actor, createdAt, request, state, plan, Optional.of(at), result, course);
  }

  Job succeeded(JobResult came, Instant now) {
    return new Job(
        id,
        organisation,
        actor,
        createdAt,
        request,
        state.ended(JobStatus.SUCCEEDED, now),
        plan,
        run,
        Optional.of(came),
        course);
  }
}

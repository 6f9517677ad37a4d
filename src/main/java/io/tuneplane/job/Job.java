package io.tuneplane.job;

import java.time.Instant;
import java.util.Optional;

/// A fine-tuning job: what was asked, what was decided, how far it is, and what came of it. A new
/// value for every step; the store keeps the newest.
///
/// @param id `ftjob-` and 24 characters
/// @param organisation whose it is
/// @param createdAt when it was asked for
/// @param request what was asked
/// @param state where it stands
/// @param plan what was decided, once it was
/// @param run how far the run is, once it was submitted
/// @param result what came of it, once it has succeeded
public record Job(
    String id,
    String organisation,
    Instant createdAt,
    JobRequest request,
    JobState state,
    Optional<JobPlan> plan,
    Optional<JobRun> run,
    Optional<JobResult> result) {

  /// A job that was just asked for.
  public static Job asked(String id, String organisation, JobRequest request, Instant now) {
    return new Job(
        id,
        organisation,
        now,
        request,
        JobState.validating(now),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// The mark that makes its submission idempotent.
  public String mark() {
    return id.toLowerCase(java.util.Locale.ROOT);
  }

  Job with(JobState next) {
    return new Job(id, organisation, createdAt, request, next, plan, run, result);
  }

  Job planned(JobPlan decided) {
    return new Job(id, organisation, createdAt, request, state, Optional.of(decided), run, result);
  }

  Job running(JobRun at) {
    return new Job(id, organisation, createdAt, request, state, plan, Optional.of(at), result);
  }

  Job succeeded(JobResult came, Instant now) {
    return new Job(
        id,
        organisation,
        createdAt,
        request,
        state.ended(JobStatus.SUCCEEDED, now),
        plan,
        run,
        Optional.of(came));
  }
}

package io.tuneplane.job;

import java.time.Instant;
import java.util.Optional;

/// Where a job stands.
///
/// @param status one of OpenAI's six
/// @param phase what is being done, more finely: `validating`, `deciding`, `submitting`, `queued`,
///   `training`, `paused`, `gating`, `ended`
/// @param reason why it waits or was decided so, for people
/// @param lastProgressAt when something was last heard of it
/// @param finishedAt when it ended
/// @param error why it failed
public record JobState(
    JobStatus status,
    String phase,
    Optional<String> reason,
    Instant lastProgressAt,
    Optional<Instant> finishedAt,
    Optional<JobError> error) {

  /// Why a job failed.
  ///
  /// @param code a stable word for programs
  /// @param message what happened and what to do
  /// @param param the field that it is about, if it is about one
  public record JobError(String code, String message, Optional<String> param) {}

  static JobState validating(Instant now) {
    return new JobState(
        JobStatus.VALIDATING_FILES,
        "validating",
        Optional.empty(),
        now,
        Optional.empty(),
        Optional.empty());
  }

  JobState at(JobStatus next, String nextPhase, Instant now) {
    return new JobState(next, nextPhase, Optional.empty(), now, Optional.empty(), error);
  }

  JobState because(String words) {
    return new JobState(status, phase, Optional.of(words), lastProgressAt, finishedAt, error);
  }

  JobState heard(Instant now) {
    return new JobState(status, phase, reason, now, finishedAt, error);
  }

  JobState ended(JobStatus end, Instant now) {
    return new JobState(end, "ended", reason, now, Optional.of(now), error);
  }

  JobState failed(JobError why, Instant now) {
    return new JobState(JobStatus.FAILED, "ended", reason, now, Optional.of(now), Optional.of(why));
  }
}

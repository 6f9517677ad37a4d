package io.tuneplane.job;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Where a job stands.
///
/// @param status one of OpenAI's six
/// @param phase what is being done, more finely
/// @param reason why it waits; empty while it gets on
/// @param lastProgressAt when it last got on: a new phase, or news from the place
/// @param finishedAt when it ended
/// @param error why it failed
public record JobState(
    JobStatus status,
    JobPhase phase,
    Optional<Reason> reason,
    Instant lastProgressAt,
    Optional<Instant> finishedAt,
    Optional<JobError> error) {

  /// Why a job failed.
  ///
  /// @param code a stable word for programs
  /// @param message what happened and what to do
  /// @param param the field that it is about, if it is about one
  public record JobError(String code, String message, Optional<String> param) {

    /// An error that is about no field.
    public static JobError of(String code, String message) {
      return new JobError(code, message, Optional.empty());
    }
  }

  /// Why a job waits.
  ///
  /// @param code for programs
  /// @param words for people
  public record Reason(Code code, String words) {

    /// What kind of reason. The wire name is the constant in lower case.
    public enum Code {
      /// Somebody paused it.
      PAUSED,
      /// It was paused in the place, by somebody else.
      PAUSED_OUTSIDE,
      /// The place's key is missing or wrong: an operator must act.
      OPERATOR_NEEDED,
      /// A quota or capacity of the place is used up.
      EXHAUSTED,
      /// The place does not answer.
      UNAVAILABLE,
      /// Nobody knows yet what came of the last submission.
      OUTCOME_UNKNOWN,
      /// The place answered something that can't be read.
      MISUNDERSTOOD,
      /// It ran without us.
      IMPORTED,
      /// Something broke here; it is tried again.
      INTERNAL;

      /// The name in the API.
      public String wireName() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  static JobState validating(Instant now) {
    return in(JobPhase.VALIDATING, now);
  }

  /// In a phase that was just reached.
  static JobState in(JobPhase phase, Instant now) {
    return new JobState(
        phase.status(), phase, Optional.empty(), now, Optional.empty(), Optional.empty());
  }

  JobState because(Reason why) {
    return new JobState(status, phase, Optional.of(why), lastProgressAt, finishedAt, error);
  }

  JobState heard(Instant now) {
    return new JobState(status, phase, reason, now, finishedAt, error);
  }

  JobState ended(JobStatus end, Instant now) {
    return new JobState(
        end, JobPhase.ENDED, Optional.empty(), now, Optional.of(now), Optional.empty());
  }

  JobState failed(JobError why, Instant now) {
    return new JobState(
        JobStatus.FAILED,
        JobPhase.ENDED,
        Optional.empty(),
        now,
        Optional.of(now),
        Optional.of(why));
  }
}

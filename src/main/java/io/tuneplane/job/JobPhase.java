package io.tuneplane.job;

import java.util.Locale;

/// What is being done for a job, more finely than its status says.
public enum JobPhase {
  /// The data is checked and the place decided.
  VALIDATING,
  /// The place is decided again, since the one chosen before has closed.
  DECIDING,
  /// The job is about to be submitted, or is being submitted now.
  SUBMITTING,
  /// Nobody knows whether the last submission started a run; the place is asked until it is known.
  RECONCILING,
  /// The place has the job, and has not started.
  QUEUED,
  /// The place is training.
  TRAINING,
  /// It waits until somebody lets it go on.
  PAUSED,
  /// The tuned model must answer as it did in training.
  GATING,
  /// The tuned model is kept and made known.
  PUBLISHING,
  /// It ran elsewhere without us, and only its record was taken over.
  IMPORTED,
  /// Nothing will change any more.
  ENDED;

  /// The status that a job in this phase shows.
  ///
  /// @throws IllegalStateException for [#ENDED] and [#IMPORTED], which have several
  JobStatus status() {
    return switch (this) {
      case VALIDATING -> JobStatus.VALIDATING_FILES;
      case DECIDING, SUBMITTING, RECONCILING, QUEUED, PAUSED -> JobStatus.QUEUED;
      case TRAINING, GATING, PUBLISHING -> JobStatus.RUNNING;
      case IMPORTED, ENDED ->
          throw new IllegalStateException("a job that " + this + " says itself");
    };
  }

  /// Whether no run has been asked for yet.
  boolean beforeSubmission() {
    return this == VALIDATING || this == DECIDING || this == SUBMITTING;
  }

  /// The name in the API.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.tuneplane.job;

import io.tuneplane.job.JobState.JobError;

/// Ends a job as failed.
final class JobFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient JobError error;

  JobFailedException(JobError error) {
    super(error.message());
    this.error = error;
  }

  JobError error() {
    return error;
  }
}

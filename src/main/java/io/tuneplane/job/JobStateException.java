package io.tuneplane.job;

/// A job's state does not allow what was asked. Nothing has changed.
public final class JobStateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  JobStateException(String message) {
    super(message);
  }
}

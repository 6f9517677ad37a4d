package io.tuneplane.job;

import java.util.Locale;

/// The six statuses of OpenAI's API, and no other.
public enum JobStatus {
  VALIDATING_FILES,
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /// Whether nothing will change any more.
  public boolean ended() {
    return switch (this) {
      case VALIDATING_FILES, QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }

  /// The name in the API.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

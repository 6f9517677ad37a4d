package io.tuneplane.job;

import io.tuneplane.job.JobState.JobError;
import java.time.Duration;

/// What the engine does next with a job; computed, then carried out.
sealed interface Next {

  /// Look again.
  record PollAgain(Duration after) implements Next {}

  /// Try the same call again.
  ///
  /// @param why what went wrong, for people
  record Retry(Duration after, String why) implements Next {}

  /// Stop until somebody acts.
  ///
  /// @param why what must be done, for people
  record Pause(String why) implements Next {}

  /// Give up.
  record Fail(JobError error) implements Next {}
}

package io.tuneplane.job;

import io.tuneplane.job.JobState.JobError;
import io.tuneplane.job.JobState.Reason;
import java.time.Duration;

/// What to do about a failed call.
sealed interface Next {

  /// Try the same call again.
  record Retry(Duration after, Reason why) implements Next {}

  /// Stop until somebody acts.
  record Pause(Reason why) implements Next {}

  /// Find out what came of it before anything else.
  record Reconcile(Duration after, Reason why) implements Next {}

  /// This place is no place for the job any more.
  ///
  /// @param words the place's own
  record Elsewhere(String words) implements Next {}

  /// Give up.
  record Fail(JobError error) implements Next {}
}

package io.tuneplane.api;

import io.tuneplane.job.JobCheckpoint;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.Sent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Fine-tuning jobs. Every method throws [NotFoundException] where there is no such job, and
/// [RequestException] where the job's state does not allow it, or a field is wrong.
public interface JobsApi {

  /// Asks for a job, which starts at once. Problems that can be found without reading the data are
  /// refused here; the rest end the job.
  FineTuningJob create(JobRequest request);

  /// Asks for a job the same way, once however often the request is sent.
  ///
  /// @throws io.tuneplane.job.SentBeforeException if the request's key is another request's
  Created create(JobRequest request, Sent sent);

  /// What became of a request for a job.
  ///
  /// @param job as it was when it was asked for
  /// @param again whether an earlier attempt at the request made it
  record Created(FineTuningJob job, boolean again) {}

  /// One job.
  FineTuningJob get(String id);

  /// Jobs, newest first.
  ///
  /// @param after the id of the last job of the page before
  /// @param metadata only jobs that carry all of these labels
  List<FineTuningJob> list(Optional<String> after, int limit, Map<String, String> metadata);

  /// A job's events, newest first.
  ///
  /// @param before the number to end before; empty to begin with the newest
  List<JobEvent> events(String id, Optional<Long> before, int limit);

  /// Waits for the job's end, and hands over its events as they come, oldest first.
  ///
  /// @param after the number to start behind; 0 for all
  /// @return the job as it ended, or as it was left when this thread was interrupted
  FineTuningJob follow(String id, long after, Consumer<JobEvent> events);

  /// A job's checkpoints, newest first.
  ///
  /// @param after the id of the last one of the page before
  List<JobCheckpoint> checkpoints(String id, Optional<String> after, int limit);

  /// Asks the job to end.
  FineTuningJob cancel(String id);

  /// Asks the job to stop after a checkpoint, and keep what it has.
  FineTuningJob pause(String id);

  /// Lets a paused job go on.
  FineTuningJob resume(String id);
}

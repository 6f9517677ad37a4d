package io.tuneplane.api;

import io.tuneplane.job.JobEvent;
import io.tuneplane.job.JobRequest;
import java.util.List;
import java.util.function.Consumer;

/// Fine-tuning jobs.
public interface JobsApi {

  /// Asks for a job, which starts at once. Problems that can be found without reading the data are
  /// refused here; the rest end the job.
  ///
  /// @throws RequestException naming the field that is wrong
  FineTuningJob create(JobRequest request);

  /// Lets an interrupted job go on from its last checkpoint. No effect on one that is at work.
  ///
  /// @throws NotFoundException if there is no such job
  /// @throws RequestException if it has ended
  FineTuningJob resume(String id);

  /// One job.
  ///
  /// @throws NotFoundException if there is no such job
  FineTuningJob get(String id);

  /// All jobs, newest first.
  List<FineTuningJob> list();

  /// A job's events, oldest first.
  ///
  /// @param after the sequence number to start behind; 0 for all
  /// @throws NotFoundException if there is no such job
  List<JobEvent> events(String id, long after);

  /// Waits for the job's end, and hands over its events as they come, the old ones first.
  ///
  /// @return the job as it ended, or as it was left when this thread was interrupted
  /// @throws NotFoundException if there is no such job
  FineTuningJob follow(String id, Consumer<JobEvent> events);

  /// Asks the job to end. No effect on one that has ended.
  ///
  /// @throws NotFoundException if there is no such job
  FineTuningJob cancel(String id);
}

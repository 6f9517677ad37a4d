package io.tuneplane.job;

import java.util.List;
import java.util.Optional;

/// Keeps jobs and their events. What a method has returned from would survive a power cut. Safe for
/// many threads.
public interface Jobs {

  /// Keeps the job as it is now.
  void save(Job job);

  /// Keeps the job as it is now, and the events that led there, both or neither.
  ///
  /// @param events continue the job's sequence without a gap
  void save(Job job, List<JobEvent> events);

  /// One job.
  Optional<Job> find(String organisation, String id);

  /// An organisation's jobs, newest first.
  List<Job> list(String organisation);

  /// A job's events, oldest first.
  ///
  /// @param after the sequence number to start behind; 0 for all
  List<JobEvent> events(String id, long after);
}

package io.tuneplane.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps jobs, their events, checkpoints and wake-ups. What a method has returned from would
/// survive a power cut. Safe for many threads and many processes.
public interface JobStore {

  /// A job as it is kept.
  ///
  /// @param version 1 for a new job; rises by one with every step
  /// @param lastSeq the number of its last event
  record Stored(Job job, long version, long lastSeq) {}

  /// Keeps a new job with its labels (`request().metadata()`), first events and first wake-up, all
  /// or nothing.
  void create(Job job, List<JobEvent> events, Instant wakeAt);

  /// Keeps a new job the same way, and with it that this request made it; or, where another attempt
  /// at the request has made one, nothing.
  ///
  /// @return the id of the earlier attempt's job; empty where this one was kept
  /// @throws SentBeforeException if the request's key is another request's
  Optional<String> create(Job job, List<JobEvent> events, Instant wakeAt, Sent sent);

  /// The job that an earlier attempt at a request has made.
  ///
  /// @throws SentBeforeException if the request's key is another request's
  Optional<String> made(String organisation, Sent sent);

  /// Forgets which requests made jobs before `until`.
  void forget(Instant until);

  /// Keeps a step: state, events, checkpoints, audit lines, model, spending and wake-up in one
  /// transaction.
  ///
  /// @throws StaleJobException if the version is not the newest any more
  /// @throws BudgetExceededException if a reservation does not fit
  void advance(Advance advance);

  /// One job, whoever's it is: for the engine.
  Optional<Stored> load(String id);

  /// One job of an organisation.
  Optional<Stored> find(String organisation, String id);

  /// An organisation's jobs, newest first.
  ///
  /// @param after the id of the last job of the page before
  /// @param metadata only jobs that carry all of these labels
  List<Job> list(
      String organisation, Optional<String> after, int limit, Map<String, String> metadata);

  /// A job's events, oldest first.
  ///
  /// @param after the number to start behind; 0 for all
  List<JobEvent> events(String id, long after, int limit);

  /// A job's events, newest first.
  ///
  /// @param before the number to end before; empty to begin with the newest
  List<JobEvent> eventsBefore(String id, Optional<Long> before, int limit);

  /// A job's checkpoints, newest first.
  ///
  /// @param after the id of the last one of the page before
  List<JobCheckpoint> checkpoints(String id, Optional<String> after, int limit);

  /// Jobs whose wake-up is due: the safety net under the timers.
  List<String> due(Instant now, int limit);

  /// The wake-up that is kept for a job.
  Optional<Instant> wakeAt(String id);
}

package io.tuneplane.job;

import java.time.Instant;
import java.util.Optional;

/// Wakes jobs up, and sees to it that one process at a time works on each. What a timer says is
/// derived: the truth is [JobStore#wakeAt].
public interface JobTimers extends AutoCloseable {

  /// What timers call. May be called from many threads, never for one job from two, unless a
  /// process was paused for longer than its lease.
  interface Work {

    /// Works on a job.
    ///
    /// @return when to work on it again, and where; empty once it has ended
    Optional<Due> work(String jobId);

    /// Looks for jobs that no timer looks after. Called every few seconds, by one process at a
    /// time.
    void sweep();
  }

  /// When a job is due.
  ///
  /// @param host the only host that may work on it; empty for any
  record Due(Instant at, Optional<String> host) {}

  /// Begins to wake jobs up. Called once.
  void start(Work work);

  /// Makes a job's timer, or brings it forward. No effect while the job is being worked on.
  void wake(String jobId, Due due);

  /// Takes up nothing more and waits until what is being worked on has let go.
  @Override
  void close();
}

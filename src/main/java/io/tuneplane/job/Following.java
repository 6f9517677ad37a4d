package io.tuneplane.job;

import java.time.Duration;
import java.util.List;

/// Follows a job's events. One thread at a time.
public interface Following extends AutoCloseable {

  /// What there was to hear.
  ///
  /// @param events oldest first; empty where nothing happened in time
  /// @param last whether there will be no more: the job has ended, or this server stops
  record News(List<JobEvent> events, boolean last) {

    public News {
      events = List.copyOf(events);
    }
  }

  /// Waits for events behind a number.
  ///
  /// @param after the number of the last event that is known; 0 for none
  /// @param patience how long to wait where there is nothing new
  /// @throws InterruptedException if the thread was asked to stop; the job goes on
  News next(long after, Duration patience) throws InterruptedException;

  @Override
  void close();
}

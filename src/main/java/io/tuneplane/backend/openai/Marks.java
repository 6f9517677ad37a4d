package io.tuneplane.backend.openai;

import io.tuneplane.backend.BackendException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Keeps two submissions of one mark apart. The API has no idempotency: between a look that finds
/// nothing and a create, nobody else may create. Within a process a lock does that, whatever
/// instances there are; between processes, the lease on the job. Safe for many threads.
final class Marks {

  /// Locks without a state of their own: what they guard is at the host.
  private static final List<Lock> LOCKS =
      Stream.<Lock>generate(ReentrantLock::new).limit(256).toList();

  private final Duration window;
  private final InstantSource clock;
  private final Map<String, Instant> unknown = new HashMap<>();

  /// @param window how long a job that was created may be invisible
  Marks(Duration window, InstantSource clock) {
    this.window = window;
    this.clock = clock;
  }

  /// Submits under the mark's lock.
  <T> T exclusively(String mark, Supplier<T> submission) {
    Lock lock = LOCKS.get(Math.floorMod(mark.hashCode(), LOCKS.size()));
    lock.lock();
    try {
      return submission.get();
    } finally {
      lock.unlock();
    }
  }

  /// Remembers that a job with this mark may have been created just now.
  synchronized void remember(String mark) {
    unknown.put(mark, clock.instant());
  }

  /// Refuses to create what may be there, unseen: whoever calls too early is told so again.
  ///
  /// @throws BackendException.OutcomeUnknown within the window after an unknown outcome
  synchronized void requireKnown(String mark) {
    Instant now = clock.instant();
    unknown.values().removeIf(at -> !now.isBefore(at.plus(window)));
    if (unknown.containsKey(mark)) {
      throw new BackendException.OutcomeUnknown(
          OpenAiSettings.NAME,
          "submit",
          "a job may have been created at %s; it may show until %s"
              .formatted(unknown.get(mark), unknown.get(mark).plus(window)));
    }
  }
}

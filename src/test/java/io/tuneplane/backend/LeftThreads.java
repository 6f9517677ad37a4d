package io.tuneplane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Asserts that a closed object has left no platform thread behind.
final class LeftThreads {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// Threads of pools that the JDK, or a library, has once for the whole process, and keeps for
  /// reuse.
  private static final List<String> KEPT_FOR_ALL =
      List.of(
          "ForkJoinPool",
          "VirtualThread-unblocker",
          "process reaper",
          "Common-Cleaner",
          "Attach Listener",
          "Read-Poller",
          "Write-Poller",
          "Keep-Alive-",
          "OkHttp TaskRunner",
          "Okio Watchdog");

  private LeftThreads() {}

  static void assertNoneSince(Set<Thread> before) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Set<Thread> left = left(before);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      left = left(before);
    }
    assertThat(left).as("threads that outlived close").isEmpty();
  }

  private static Set<Thread> left(Set<Thread> before) {
    Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
    now.removeAll(before);
    now.removeIf(t -> KEPT_FOR_ALL.stream().anyMatch(t.getName()::startsWith));
    return now;
  }
}

package io.tuneplane.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Timers whose crank a test turns.
public final class ManualTimers implements JobTimers {

  private final Map<String, Instant> timers = new ConcurrentHashMap<>();
  private @Nullable Work work;

  @Override
  public void start(Work given) {
    work = given;
    given.sweep();
  }

  @Override
  public void wake(String jobId, Due due) {
    timers.put(jobId, due.at());
  }

  /// Works on every job that is due.
  public void runDue(Instant now) {
    List<String> due =
        timers.entrySet().stream()
            .filter(e -> !e.getValue().isAfter(now))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    due.forEach(this::work);
  }

  /// Works on one job, due or not.
  public void work(String jobId) {
    timers.remove(jobId);
    Optional<Due> next = Objects.requireNonNull(work).work(jobId);
    next.ifPresent(due -> timers.put(jobId, due.at()));
  }

  /// Loses a timer, as a crash may.
  public void lose(String jobId) {
    timers.remove(jobId);
  }

  /// Looks for jobs that no timer looks after.
  public void sweep() {
    Objects.requireNonNull(work).sweep();
  }

  @Override
  public void close() {
    timers.clear();
  }
}

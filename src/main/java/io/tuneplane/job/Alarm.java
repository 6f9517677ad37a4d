package io.tuneplane.job;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Rings when something is due sooner than the next look of the scheduler would find it. What is
/// due within the same moment rings once. Safe for many threads.
final class Alarm implements AutoCloseable {

  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(50);

  private final Duration look;
  private final Runnable bell;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("job-alarm").daemon().unstarted(work));

  /// The moments at which it will ring, each by its number.
  private final Set<Long> moments = new HashSet<>();

  /// @param look how often is looked anyway
  Alarm(Duration look, Runnable bell) {
    this.look = look;
    this.bell = bell;
  }

  /// Something is due after a while.
  synchronized void in(Duration wait) {
    if (wait.compareTo(look) > 0 || thread.isShutdown()) {
      return;
    }
    long now = System.nanoTime();
    long moment = Math.floorDiv(now + Math.max(0, wait.toNanos()), MOMENT) + 1;
    if (moments.add(moment)) {
      var _ = thread.schedule(() -> ring(moment), moment * MOMENT - now, TimeUnit.NANOSECONDS);
    }
  }

  private void ring(long moment) {
    synchronized (this) {
      moments.remove(moment);
    }
    bell.run();
  }

  @Override
  public synchronized void close() {
    thread.shutdownNow();
  }
}

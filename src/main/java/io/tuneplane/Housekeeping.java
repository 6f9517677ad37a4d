package io.tuneplane;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what must be done now and then, in a thread of its own: once at the start, and then after
/// every period. A chore that fails is logged, and done again the next time.
final class Housekeeping implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("housekeeping").daemon().unstarted(work));

  /// Something that is done now and then.
  ///
  /// @param what for the log
  record Chore(String what, Work work) {}

  /// What a chore does.
  interface Work {
    void run() throws IOException;
  }

  /// Begins with the chores, one after the other.
  void start(List<Chore> chores, Duration period) {
    var _ =
        thread.scheduleWithFixedDelay(
            () -> chores.forEach(Housekeeping::run), 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void run(Chore chore) {
    try {
      chore.work().run();
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} failed, and is tried again tomorrow", chore.what(), e);
    }
  }

  /// Lets the chore that is being done end.
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("housekeeping is left unfinished; the next server does it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

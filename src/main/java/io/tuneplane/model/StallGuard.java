package io.tuneplane.model;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes a body that brings nothing for a while, which ends the read that waits for it: an HTTP
/// client's own timeout covers the head of an answer only.
final class StallGuard implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StallGuard.class);

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
  private final InputStream body;
  private volatile long seen;
  private long seenBefore = -1;

  StallGuard(InputStream body, Duration patience) {
    this.body = body;
    long period = patience.toMillis();
    var _ = timer.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  /// So many bytes have come by now.
  void seen(long bytes) {
    seen = bytes;
  }

  private void look() {
    if (seen == seenBefore) {
      try {
        body.close();
      } catch (IOException e) {
        LOG.debug("Closing a stalled body", e);
      }
    }
    seenBefore = seen;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

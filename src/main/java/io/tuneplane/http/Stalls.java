package io.tuneplane.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Hangs up on clients that stall within a body. Helidon's own time-out of reads is not applied to
/// the connections of a server (4.5.0), so reads that last too long are interrupted, which closes
/// their connection. Safe for many threads.
final class Stalls implements AutoCloseable {

  private static final int LOOKS = 4;

  private final Duration longest;
  private final Set<Read> reads = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("http-stalls").factory());

  /// @param longest the longest silence of a client within a body
  Stalls(Duration longest) {
    this.longest = longest;
    long every = Math.max(1, longest.toMillis() / LOOKS);
    var _ = looks.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long now = System.nanoTime();
    reads.stream().filter(read -> now - read.begun >= longest.toNanos()).forEach(Read::stop);
  }

  /// A body that only drips is one that stalls.
  private static final long LEAST_BYTES_A_SECOND = 256;

  private final class Pace {

    private final long begun = System.nanoTime();
    private long bytes;

    void read(int n) throws SocketTimeoutException {
      bytes += Math.max(0, n);
      long took = System.nanoTime() - begun - longest.toNanos();
      if (n >= 0
          && took > 0
          && bytes < LEAST_BYTES_A_SECOND * TimeUnit.NANOSECONDS.toSeconds(took)) {
        throw new SocketTimeoutException("the client drips its body");
      }
    }
  }

  /// A read that is going on. Whoever is first, its end or its interruption, decides.
  private static final class Read {

    private final Thread thread = Thread.currentThread();
    private final long begun = System.nanoTime();
    private final AtomicBoolean decided = new AtomicBoolean();

    void stop() {
      if (decided.compareAndSet(false, true)) {
        thread.interrupt();
      }
    }

    /// Returns whether it ended by itself.
    boolean ended() {
      return decided.compareAndSet(false, true);
    }
  }

  /// The same stream, with bounded silences and a least pace.
  InputStream watched(InputStream body) {
    Pace pace = new Pace();
    return new FilterInputStream(body) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        Read read = new Read();
        reads.add(read);
        try {
          int n = super.read(into, offset, length);
          pace.read(n);
          return n;
        } finally {
          reads.remove(read);
          end(read);
        }
      }
    };
  }

  private static void end(Read read) throws SocketTimeoutException {
    if (!read.ended()) {
      Thread.interrupted(); // it was meant for the read alone
      throw new SocketTimeoutException("the client stalled within a body");
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}

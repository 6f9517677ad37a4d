package io.tuneplane.http;

import io.helidon.common.socket.HelidonSocket;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a client sends on one connection, read for the thread that serves it; while that thread
/// works on an answer, another one reads ahead, and so notices when the client hangs up.
final class Wire implements Supplier<byte @Nullable []> {

  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

  /// What is waited for.
  enum Phase {
    /// A request's first byte.
    IDLE,
    /// The rest of its first line and headers.
    INCOMING,
    /// Nothing: it is being read and answered.
    ANSWERING
  }

  private final HelidonSocket socket;
  private volatile Phase phase = Phase.IDLE;
  private volatile long since = System.nanoTime();
  private volatile @Nullable CompletableFuture<byte @Nullable []> ahead;

  Wire(HelidonSocket socket) {
    this.socket = socket;
  }

  Phase phase() {
    return phase;
  }

  /// When it came into its phase, in nanoseconds.
  long since() {
    return since;
  }

  void enter(Phase next) {
    since = System.nanoTime();
    phase = next;
  }

  /// The next bytes; null once the client has hung up. For the serving thread.
  @Override
  public byte @Nullable [] get() {
    CompletableFuture<byte @Nullable []> reading = ahead;
    byte[] bytes = reading == null ? socket.get() : joined(reading);
    ahead = null;
    if (phase == Phase.IDLE) {
      enter(Phase.INCOMING);
    }
    return bytes;
  }

  private static byte @Nullable [] joined(CompletableFuture<byte @Nullable []> reading) {
    try {
      return reading.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the server hangs up");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new CompletionException(e.getCause());
    }
  }

  /// Whether the client is still there. For the serving thread, once the request was read whole and
  /// before its answer is sent.
  boolean here() {
    CompletableFuture<byte @Nullable []> reading = ahead;
    if (reading == null) {
      reading = new CompletableFuture<>();
      ahead = reading;
      readInto(reading);
    }
    if (!reading.isDone()) {
      return true;
    }
    return !reading.isCompletedExceptionally() && reading.join() != null;
  }

  private void readInto(CompletableFuture<byte @Nullable []> reading) {
    Thread.ofVirtual()
        .name("read-ahead")
        .start(() -> {
          try {
            reading.complete(socket.get());
          } catch (RuntimeException e) {
            reading.completeExceptionally(e);
          }
        });
  }

  /// Whether it is of no more use.
  boolean isClosed() {
    return !socket.isConnected();
  }

  void hangUp() {
    try {
      socket.close();
    } catch (UncheckedIOException e) {
      LOG.debug("{} had hung up itself", socket.childSocketId(), e);
    }
  }
}

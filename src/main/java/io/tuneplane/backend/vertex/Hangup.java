package io.tuneplane.backend.vertex;

import io.tuneplane.backend.ChatSink;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/// Watches a sink while its answer is on the way, and ends the call when nobody wants it any more,
/// also while the place is silent.
final class Hangup implements Consumer<Call>, AutoCloseable {

  private static final long LOOK_MILLIS = 100;

  private final ChatSink sink;
  private final AtomicReference<@Nullable Call> call = new AtomicReference<>();
  private final AtomicBoolean hungUp = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);

  Hangup(ChatSink sink) {
    this.sink = sink;
    Thread.ofVirtual().name("vertex-hangup").start(this::watch);
  }

  @Override
  public void accept(Call made) {
    call.set(made);
  }

  /// Whether the call was ended because nobody wanted the answer.
  boolean hungUp() {
    return hungUp.get();
  }

  private void watch() {
    try {
      while (!done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (sink.cancelled()) {
          hangUp();
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void hangUp() {
    Call made = call.get();
    if (made != null) {
      hungUp.set(true);
      made.cancel();
    }
  }

  @Override
  public void close() {
    done.countDown();
    if (sink.cancelled()) {
      hangUp();
    }
  }
}

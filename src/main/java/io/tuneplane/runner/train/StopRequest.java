package io.tuneplane.runner.train;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Whether the run was asked to stop, and by what. Safe for many threads.
public final class StopRequest {

  private final AtomicReference<@Nullable String> cause = new AtomicReference<>();

  /// Asks the run to stop after a checkpoint. The first cause is kept.
  public void request(String why) {
    cause.compareAndSet(null, why);
  }

  boolean requested() {
    return cause.get() != null;
  }

  /// Why, in words; only once it was requested.
  String cause() {
    return String.valueOf(cause.get());
  }
}

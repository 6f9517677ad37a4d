package io.tuneplane.client;

import java.time.Duration;

/// Waits.
@FunctionalInterface
public interface Sleeper {

  /// Waits so long.
  void sleep(Duration time) throws InterruptedException;
}

package io.tuneplane.model;

import java.time.Duration;

/// Waits; in tests it need not.
@FunctionalInterface
public interface Pause {

  /// Returns after that time.
  ///
  /// @throws InterruptedException if this thread is told to stop
  void of(Duration time) throws InterruptedException;
}

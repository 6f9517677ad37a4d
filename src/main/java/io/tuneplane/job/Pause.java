package io.tuneplane.job;

import java.time.Duration;

/// Waits; given to whoever must, so that a test can turn the clock instead.
public interface Pause {

  /// Waits this long.
  ///
  /// @throws InterruptedException if the thread was asked to stop
  void of(Duration duration) throws InterruptedException;
}

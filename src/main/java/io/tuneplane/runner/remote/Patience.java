package io.tuneplane.runner.remote;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/// Tries again while the control plane is silent: after half a second to half a minute, each time
/// twice as long, less a part by chance.
final class Patience {

  private static final long FIRST_MILLIS = 500;
  private static final long LAST_MILLIS = 30_000;

  private final BooleanSupplier waits;

  private Patience(BooleanSupplier waits) {
    this.waits = waits;
  }

  /// For as long as something holds.
  static Patience whilst(BooleanSupplier waits) {
    return new Patience(waits);
  }

  /// For so long, from now on.
  static Patience of(Duration most) {
    long begun = System.nanoTime();
    return whilst(() -> System.nanoTime() - begun < most.toNanos());
  }

  /// Something that is asked of the control plane.
  interface Call<T> {
    T run() throws RemoteException, InterruptedException;
  }

  /// Asks until there is an answer.
  ///
  /// @throws RemoteException.Silent once there is no more patience
  <T> T with(Call<T> call) throws RemoteException, InterruptedException {
    long pause = FIRST_MILLIS;
    while (true) {
      try {
        return call.run();
      } catch (RemoteException.Silent e) {
        if (!waits.getAsBoolean()) {
          throw e;
        }
        pause(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2));
        pause = Math.min(2 * pause, LAST_MILLIS);
      }
    }
  }

  /// Waits, but not for long after the patience has ended.
  private void pause(long millis) throws InterruptedException {
    long left = millis;
    while (left > 0 && waits.getAsBoolean()) {
      long part = Math.min(left, FIRST_MILLIS);
      Thread.sleep(part);
      left -= part;
    }
  }
}

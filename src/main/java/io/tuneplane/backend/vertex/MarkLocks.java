package io.tuneplane.backend.vertex;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// One lock for all submissions of one mark in this process, whatever instance makes them: looking
/// for a job and creating it is one act. Between processes the engine's lease on a job does this.
final class MarkLocks {

  private static final Lock[] STRIPES = new Lock[64];

  static {
    for (int i = 0; i < STRIPES.length; i++) {
      STRIPES[i] = new ReentrantLock();
    }
  }

  private MarkLocks() {}

  static Lock of(String mark) {
    return STRIPES[Math.floorMod(mark.hashCode(), STRIPES.length)];
  }
}

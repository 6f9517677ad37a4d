package io.tuneplane.runner.train;

import ai.djl.pytorch.jni.IValue;

/// How fast this machine multiplies matrices, measured in a few hundredths of a second.
final class ProductSpeed {

  private static final int ROWS = 512;
  private static final int TRIES = 7;

  private final Kernels kernels;

  ProductSpeed(Kernels kernels) {
    this.kernels = kernels;
  }

  /// The best of a few tries at `[512, in] x [in, out]`, in floating-point operations per second.
  double flopsPerSecond(Precision precision, int in, int out) {
    try (Scope s = kernels.scope()) {
      IValue x = random(s, ROWS, in, precision);
      IValue w = random(s, out, in, precision);
      long best = Long.MAX_VALUE;
      for (int i = 0; i < TRIES; i++) {
        long start = System.nanoTime();
        kernels.call("product", x, w).close();
        best = Math.min(best, System.nanoTime() - start);
      }
      return 2.0 * ROWS * in * out / best * 1e9;
    }
  }

  private IValue random(Scope s, int rows, int columns, Precision precision) {
    return s.keep(
        kernels.call(
            "random", s.of((long) rows), s.of((long) columns), s.of((long) precision.code())));
  }
}

package io.tuneplane.runner.train;

import ai.djl.pytorch.jni.IValue;
import io.tuneplane.model.ModelConfig;

/// How fast this machine multiplies matrices, measured in a few hundredths of a second.
final class ProductSpeed {

  private static final int ROWS = 512;
  private static final int TRIES = 7;

  /// bf16 pays where its products are this much faster: the rest of a pass gains nothing, and
  /// rounds more.
  private static final double WORTH_IT = 1.5;

  private final Kernels kernels;

  ProductSpeed(Kernels kernels) {
    this.kernels = kernels;
  }

  /// The arithmetic for a job that leaves the choice to us.
  Precision faster(ModelConfig config) {
    int in = config.hiddenSize();
    int out = 2 * config.intermediateSize();
    double fp32 = flopsPerSecond(Precision.FP32, in, out);
    return flopsPerSecond(Precision.BF16, in, out) > WORTH_IT * fp32
        ? Precision.BF16
        : Precision.FP32;
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

package io.tuneplane.runner.train;

import ai.djl.ndarray.types.DataType;

/// How the frozen matrices are held and multiplied.
enum Precision {
  FP32(6, DataType.FLOAT32, 4),
  BF16(15, DataType.FLOAT32, 2),
  /// Everything in 64 bits, the adapter too: to test the formulas of the backward pass.
  FP64(7, DataType.FLOAT64, 8);

  private final int code;
  private final DataType wide;
  private final int bytes;

  Precision(int code, DataType wide, int bytes) {
    this.code = code;
    this.wide = wide;
    this.bytes = bytes;
  }

  /// The matrices' type in libtorch's numbering (`c10/core/ScalarType.h`).
  int code() {
    return code;
  }

  /// The type of the adapter and its optimiser.
  DataType wide() {
    return wide;
  }

  /// Bytes of one value of a matrix.
  int bytes() {
    return bytes;
  }

  /// The name in job results.
  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

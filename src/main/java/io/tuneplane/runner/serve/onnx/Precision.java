package io.tuneplane.runner.serve.onnx;

import java.util.Arrays;
import java.util.Optional;

/// How the matrices are held and multiplied. Norms, biases, the embedding's table and the cache of
/// keys and values keep their full precision in each.
public enum Precision {
  /// 32-bit floats throughout.
  FP32("fp32"),
  /// 8 bits in blocks of 32 with one scale each.
  INT8("int8"),
  /// The gate and up projections with 4 bits, in blocks of 32 with a scale and a zero point each;
  /// the rest as with [#INT8].
  INT4("int4");

  private final String label;

  Precision(String label) {
    this.label = label;
  }

  /// The name in options and reports.
  public String label() {
    return label;
  }

  /// The precision of that name, if there is one.
  public static Optional<Precision> of(String label) {
    return Arrays.stream(values()).filter(p -> p.label.equals(label)).findFirst();
  }
}

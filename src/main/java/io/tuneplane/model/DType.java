package io.tuneplane.model;

/// How values are stored: plain floats, or GGUF's block formats.
public enum DType {
  F32(true),
  F16(true),
  BF16(true),
  Q8_0(false),
  Q4_0(false),
  Q4_1(false),
  Q4_K(false),
  Q6_K(false);

  private final boolean plain;

  DType(boolean plain) {
    this.plain = plain;
  }

  /// Whether every value stands alone, so that the bytes can be used as an array.
  public boolean plain() {
    return plain;
  }
}

package io.tuneplane.model;

/// How values are stored: plain numbers, or GGUF's block formats.
public enum DType {
  F32(true, 1, 4),
  F16(true, 1, 2),
  BF16(true, 1, 2),
  /// Whole numbers; only in our own checkpoints, never in a model.
  I64(true, 1, 8),
  Q8_0(false, 32, 34),
  Q4_0(false, 32, 18),
  Q4_1(false, 32, 20),
  Q4_K(false, 256, 144),
  Q6_K(false, 256, 210);

  private final boolean plain;
  private final int blockSize;
  private final int blockBytes;

  DType(boolean plain, int blockSize, int blockBytes) {
    this.plain = plain;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /// Whether every value stands alone, so that the bytes can be used as an array.
  public boolean plain() {
    return plain;
  }

  /// The values that are stored together; 1 for plain types.
  public int blockSize() {
    return blockSize;
  }

  /// The bytes of one block; of one value for plain types.
  public int blockBytes() {
    return blockBytes;
  }

  /// The bytes that so many values take; they must fill whole blocks.
  ///
  /// @throws ArithmeticException if the result is beyond a long
  public long bytes(long values) {
    return Math.multiplyExact(values / blockSize, (long) blockBytes);
  }
}

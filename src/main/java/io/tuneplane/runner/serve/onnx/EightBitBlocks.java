package io.tuneplane.runner.serve.onnx;

/// 8 bits, symmetric: the largest magnitude of a block becomes 127.
record EightBitBlocks() implements BlockQuantizer {

  private static final int ZERO = 128;
  private static final int LARGEST = 127;

  @Override
  public int bits() {
    return 8;
  }

  @Override
  public boolean zeroPoints() {
    return false;
  }

  @Override
  public Grid round(float[] values, int[] codes) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    float scale = largest / LARGEST;
    float inverse = scale == 0 ? 0 : 1 / scale;
    for (int i = 0; i < values.length; i++) {
      codes[i] = (int) (values[i] * inverse + ZERO + 0.5f);
    }
    return new Grid(scale, ZERO);
  }
}

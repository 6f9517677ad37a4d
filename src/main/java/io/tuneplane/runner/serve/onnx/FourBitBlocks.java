package io.tuneplane.runner.serve.onnx;

/// 4 bits with a zero point. Of several ranges for the codes, from the whole span of the block
/// inwards, the one with the least squared error is taken: cutting off an outlier often serves the
/// rest.
record FourBitBlocks() implements BlockQuantizer {

  private static final int LEVELS = 15;
  private static final float[] SPANS = {1f, 0.95f, 0.9f, 0.85f, 0.8f, 0.75f, 0.7f};

  @Override
  public int bits() {
    return 4;
  }

  @Override
  public boolean zeroPoints() {
    return true;
  }

  @Override
  public Grid round(float[] values, int[] codes) {
    float low = 0;
    float high = 0;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (low == high) {
      java.util.Arrays.fill(codes, 0);
      return new Grid(0, 0);
    }
    Grid best = grid(low, high, SPANS[0]);
    float least = encode(values, best, codes);
    for (int i = 1; i < SPANS.length; i++) {
      Grid grid = grid(low, high, SPANS[i]);
      float error = encode(values, grid, codes);
      if (error < least) {
        least = error;
        best = grid;
      }
    }
    encode(values, best, codes);
    return best;
  }

  private static Grid grid(float low, float high, float span) {
    float scale = (high - low) * span / LEVELS;
    return new Grid(scale, Math.clamp(Math.round(-low * span / scale), 0, LEVELS));
  }

  /// Writes the codes, and returns the squared error.
  private static float encode(float[] values, Grid grid, int[] codes) {
    float inverse = 1 / grid.scale();
    float error = 0;
    for (int i = 0; i < values.length; i++) {
      int code = Math.clamp(Math.round(values[i] * inverse) + grid.zero(), 0, LEVELS);
      float difference = values[i] - (code - grid.zero()) * grid.scale();
      codes[i] = code;
      error += difference * difference;
    }
    return error;
  }
}

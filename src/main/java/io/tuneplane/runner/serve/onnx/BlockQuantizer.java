package io.tuneplane.runner.serve.onnx;

/// Rounds a block of values to few bits: `value = scale * (code - zero)`. Safe for many threads.
sealed interface BlockQuantizer permits EightBitBlocks, FourBitBlocks {

  /// Values of a block.
  int BLOCK = 32;

  /// Bits of a code.
  int bits();

  /// Whether each block has a zero point of its own; else it is the middle of the codes.
  boolean zeroPoints();

  /// Rounds one block.
  ///
  /// @param values the values; a short last block is filled up with zeros
  /// @param codes where the codes go, one in each
  /// @return the scale and zero point
  Grid round(float[] values, int[] codes);

  /// What a block's codes mean.
  record Grid(float scale, int zero) {}
}

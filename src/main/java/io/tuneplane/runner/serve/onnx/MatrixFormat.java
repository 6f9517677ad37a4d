package io.tuneplane.runner.serve.onnx;

import java.util.List;

/// How a matrix is held, and the node that multiplies by it.
sealed interface MatrixFormat permits FloatMatrix, BlockMatrix {

  /// Adds constants for the matrices `sources` (rows are outputs, stacked) and a node that
  /// multiplies `input` by their transpose into `output`.
  void multiply(
      GraphBuilder graph, WeightMemory memory, String input, String output, List<String> sources);
}

package io.tuneplane.runner.serve.onnx;

import java.util.List;

/// 32-bit floats, in the layout of the model's file: `FusedMatMul` reads them transposed, so that
/// nothing is copied on our side.
record FloatMatrix() implements MatrixFormat {

  @Override
  public void multiply(
      GraphBuilder graph, WeightMemory memory, String input, String output, List<String> sources) {
    String weight = graph.constant(memory.stacked(output + ".weight", sources));
    graph.microsoft(
        "FusedMatMul",
        List.of(input, weight),
        List.of(output),
        new Attribute.Whole("transA", 0),
        new Attribute.Whole("transB", 1));
  }
}

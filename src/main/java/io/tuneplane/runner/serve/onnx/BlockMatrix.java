package io.tuneplane.runner.serve.onnx;

import io.tuneplane.model.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Blocks of few bits for `MatMulNBits`, each block with a scale (and a zero point).
///
/// @param quantizer the block format
record BlockMatrix(BlockQuantizer quantizer) implements MatrixFormat {

  /// Activations are rounded to 8 bits as well (`accuracy_level` of `MatMulNBits`): what makes the
  /// product fast on CPUs.
  private static final int INT8_ACTIVATIONS = 4;

  @Override
  public void multiply(
      GraphBuilder graph, WeightMemory memory, String input, String output, List<String> sources) {
    QuantizedMatrix matrix = quantize(memory, sources);
    List<String> inputs = new ArrayList<>(List.of(input));
    matrix.initializers(output).forEach(i -> inputs.add(graph.constant(i)));
    graph.microsoft(
        "MatMulNBits",
        inputs,
        List.of(output),
        new Attribute.Whole("K", matrix.columns()),
        new Attribute.Whole("N", matrix.rows()),
        new Attribute.Whole("bits", quantizer.bits()),
        new Attribute.Whole("block_size", BlockQuantizer.BLOCK),
        new Attribute.Whole("accuracy_level", INT8_ACTIVATIONS));
  }

  private QuantizedMatrix quantize(WeightMemory memory, List<String> sources) {
    List<Tensor> tensors = sources.stream().map(memory::tensor).toList();
    int columns = Math.toIntExact(tensors.getFirst().shape()[1]);
    int rows = Math.toIntExact(tensors.stream().mapToLong(t -> t.shape()[0]).sum());
    QuantizedMatrix matrix = QuantizedMatrix.allocate(memory, quantizer, rows, columns);
    int first = 0;
    for (Tensor tensor : tensors) {
      fill(matrix, tensor, first);
      first += Math.toIntExact(tensor.shape()[0]);
    }
    return matrix;
  }

  private void fill(QuantizedMatrix matrix, Tensor tensor, int first) {
    try (Arena scratch = Arena.ofShared()) {
      MemorySegment floats = scratch.allocate(tensor.size() * Float.BYTES, WeightMemory.ALIGNMENT);
      tensor.copyTo(floats);
      long rowBytes = (long) matrix.columns() * Float.BYTES;
      IntStream.range(0, Math.toIntExact(tensor.shape()[0]))
          .parallel()
          .forEach(r -> matrix.fill(first + r, floats.asSlice(r * rowBytes, rowBytes)));
    }
  }
}

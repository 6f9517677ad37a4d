package io.tuneplane.runner.serve.engine;

import ai.onnxruntime.OnnxTensor;
import io.tuneplane.model.ModelConfig;
import io.tuneplane.runner.serve.onnx.Projection;
import io.tuneplane.runner.serve.onnx.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The graph's inputs for some adapters side by side. Not safe for many threads.
final class AdapterInputs implements AutoCloseable {

  private final List<Adapter> adapters;
  private final Shape shape;
  private final Arena arena = Arena.ofShared();
  private final Map<String, OnnxTensor> matrices = new HashMap<>();

  /// @param adapters different ones, in a fixed order; none for the base model alone
  AdapterInputs(ModelConfig config, List<Adapter> adapters) {
    this.adapters = List.copyOf(adapters);
    this.shape = new Shape(config);
    for (Projection projection : Projection.values()) {
      for (int layer = 0; layer < config.layers(); layer++) {
        matrices.put(projection.loraA(layer), a(layer, projection));
        matrices.put(projection.loraB(layer), b(layer, projection));
      }
    }
  }

  Map<String, OnnxTensor> matrices() {
    return matrices;
  }

  /// One projection's mask: for each sequence of a batch ones in the columns of its own adapter.
  OnnxTensor mask(Projection projection, List<Optional<Adapter>> rows) {
    int width = width(projection);
    float[] mask = new float[rows.size() * width];
    for (int row = 0; row < rows.size(); row++) {
      int column = 0;
      for (Adapter adapter : adapters) {
        int count = adapter.columns(projection);
        if (rows.get(row).filter(a -> a == adapter).isPresent()) {
          java.util.Arrays.fill(mask, row * width + column, row * width + column + count, 1);
        }
        column += count;
      }
    }
    return OrtTensors.floats(mask, rows.size(), 1, width);
  }

  private int width(Projection projection) {
    return adapters.stream().mapToInt(a -> a.columns(projection)).sum();
  }

  /// All A side by side: row for row.
  private OnnxTensor a(int layer, Projection projection) {
    int rows = shape.inputs(projection);
    int width = width(projection);
    MemorySegment target = allocate((long) rows * width);
    int column = 0;
    for (Adapter adapter : adapters) {
      int count = adapter.columns(projection);
      float[] values = adapter.a(shape, layer, projection);
      for (int row = 0; row < rows; row++) {
        copy(values, row * count, count, target, row * width + column);
      }
      column += count;
    }
    return tensor(target, rows, width);
  }

  /// All B one under the other.
  private OnnxTensor b(int layer, Projection projection) {
    int columns = shape.outputs(projection);
    int width = width(projection);
    MemorySegment target = allocate((long) width * columns);
    int at = 0;
    for (Adapter adapter : adapters) {
      float[] values = adapter.b(shape, layer, projection);
      copy(values, 0, values.length, target, at);
      at += values.length;
    }
    return tensor(target, width, columns);
  }

  private MemorySegment allocate(long values) {
    return arena.allocate(values * Float.BYTES, 64);
  }

  private static void copy(float[] from, int start, int count, MemorySegment to, long index) {
    MemorySegment.copy(from, start, to, ValueLayout.JAVA_FLOAT, index * Float.BYTES, count);
  }

  // ONNX Runtime does not take an empty native buffer, but an empty array.
  private static OnnxTensor tensor(MemorySegment memory, long rows, long columns) {
    return memory.byteSize() == 0
        ? OrtTensors.floats(new float[0], rows, columns)
        : OrtTensors.floats(memory, new long[] {rows, columns});
  }

  @Override
  public void close() {
    matrices.values().forEach(OnnxTensor::close);
    arena.close();
  }
}

package io.tuneplane.runner.serve.engine;

import io.tuneplane.runner.serve.onnx.Projection;
import io.tuneplane.runner.serve.onnx.Shape;
import java.util.EnumMap;
import java.util.Map;

/// LoRA matrices in memory, in the layout of the graph's inputs: for each layer and [Projection] an
/// A (`in x columns`) and a B (`columns x out`), where columns are the ranks of the projection's
/// modules side by side and B holds zeros where a column belongs to another module. The scale is in
/// B. Immutable.
public final class Adapter {

  private final Map<Projection, Integer> columns;
  private final Map<String, float[]> matrices;

  Adapter(Map<Projection, Integer> columns, Map<String, float[]> matrices) {
    this.columns = new EnumMap<>(columns);
    this.matrices = Map.copyOf(matrices);
  }

  /// Columns of a projection, the same in all layers; 0 where the adapter leaves it as it is.
  int columns(Projection projection) {
    return columns.getOrDefault(projection, 0);
  }

  float[] a(Shape shape, int layer, Projection projection) {
    return matrix(projection.loraA(layer), shape.inputs(projection) * columns(projection));
  }

  float[] b(Shape shape, int layer, Projection projection) {
    return matrix(projection.loraB(layer), shape.outputs(projection) * columns(projection));
  }

  /// A layer that the adapter leaves as it is has zeros.
  private float[] matrix(String name, int size) {
    float[] values = matrices.get(name);
    return values == null ? new float[size] : values;
  }
}

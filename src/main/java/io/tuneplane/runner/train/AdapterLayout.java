package io.tuneplane.runner.train;

import io.tuneplane.model.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/// Where each matrix of an adapter lies in the one flat array that holds them all, in the order of
/// `kernels.torchscript`: for each layer and group of projections, A of the group's projections
/// stacked, then B^T of each.
final class AdapterLayout {

  /// One slot of the kernels' list: rows and columns, 0 x 0 where nothing is adapted.
  record Slot(int rows, int columns) {}

  /// One matrix as PEFT names and shapes it.
  ///
  /// @param name e.g. `base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight`
  /// @param offset of its first value in the flat array
  /// @param rows of the matrix in PEFT's layout
  /// @param columns of the matrix in PEFT's layout
  /// @param transposed whether the flat array holds it transposed
  record Matrix(String name, int offset, int rows, int columns, boolean transposed) {

    int size() {
      return rows * columns;
    }

    /// Where value (row, column) of PEFT's layout lies in the flat array.
    int at(int row, int column) {
      return offset + (transposed ? column * rows + row : row * columns + column);
    }
  }

  private final List<Slot> slots = new ArrayList<>();
  private final List<Matrix> matrices = new ArrayList<>();
  private int size;

  AdapterLayout(ModelConfig config, Lora lora) {
    for (int layer = 0; layer < config.layers(); layer++) {
      for (List<Projection> group : Projection.GROUPS) {
        add(config, lora, layer, group);
      }
    }
  }

  private void add(ModelConfig config, Lora lora, int layer, List<Projection> group) {
    int r = lora.r();
    List<Projection> adapted =
        group.stream().filter(p -> lora.targetModules().contains(p.module())).toList();
    int inputs = group.getFirst().inputs(config);
    slots.add(adapted.isEmpty() ? new Slot(0, 0) : new Slot(adapted.size() * r, inputs));
    for (Projection p : adapted) {
      matrix(layer, p, "lora_A", r, inputs, false);
    }
    for (Projection p : group) {
      if (adapted.contains(p)) {
        slots.add(new Slot(r, p.outputs(config)));
        matrix(layer, p, "lora_B", p.outputs(config), r, true);
      } else {
        slots.add(new Slot(0, 0));
      }
    }
  }

  private void matrix(
      int layer, Projection p, String part, int rows, int columns, boolean transposed) {
    String name = "base_model.model.model.layers.%d.%s.%s.weight".formatted(layer, p.path(), part);
    matrices.add(new Matrix(name, size, rows, columns, transposed));
    size = Math.addExact(size, Math.multiplyExact(rows, columns));
  }

  /// The kernels' slots, 11 for each layer.
  List<Slot> slots() {
    return List.copyOf(slots);
  }

  /// The matrices in the order of the flat array.
  List<Matrix> matrices() {
    return List.copyOf(matrices);
  }

  /// How many values there are.
  int size() {
    return size;
  }

  /// Fresh values as PEFT draws them: A uniform within 1 / sqrt(inputs), which is Kaiming's bound
  /// for a slope of sqrt(5), and B zero.
  float[] initial(long seed) {
    java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
    float[] flat = new float[size];
    for (Matrix m : matrices) {
      double bound = m.transposed() ? 0 : 1 / Math.sqrt(m.columns());
      for (int i = m.offset(); bound > 0 && i < m.offset() + m.size(); i++) {
        flat[i] = (float) random.nextDouble(-bound, bound);
      }
    }
    return flat;
  }
}

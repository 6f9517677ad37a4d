package io.tuneplane.runner.serve.engine;

import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.SafetensorsFile;
import io.tuneplane.model.Tensor;
import io.tuneplane.runner.serve.onnx.Projection;
import io.tuneplane.runner.serve.onnx.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Puts the matrices of a PEFT file into the graph's layout.
final class AdapterAssembly {

  private static final String PREFIX = "base_model.model.";

  private final ModelConfig model;
  private final Shape shape;
  private final LoraConfig lora;
  private final Path file;

  AdapterAssembly(ModelConfig model, LoraConfig lora, Path file) {
    this.model = model;
    this.shape = new Shape(model);
    this.lora = lora;
    this.file = file;
  }

  Adapter of(SafetensorsFile weights) {
    Set<String> left = new HashSet<>(weights.names());
    Map<Projection, Integer> columns = new EnumMap<>(Projection.class);
    Map<String, float[]> matrices = new HashMap<>();
    for (Projection projection : Projection.values()) {
      List<String> modules = modules(weights, projection);
      columns.put(projection, modules.size() * lora.rank());
      for (int layer = 0; layer < model.layers(); layer++) {
        add(weights, projection, layer, modules, matrices, left);
      }
    }
    for (String name : weights.names()) {
      if (left.contains(name)) {
        throw refused("'%s' is no LoRA matrix of this model".formatted(name));
      }
    }
    if (matrices.isEmpty()) {
      throw refused("it holds no LoRA matrices of this model");
    }
    return new Adapter(columns, matrices);
  }

  /// The modules of a projection that are adapted in any layer.
  private List<String> modules(SafetensorsFile weights, Projection projection) {
    return projection.modules().stream()
        .filter(module -> {
          for (int layer = 0; layer < model.layers(); layer++) {
            if (weights.names().contains(name(projection, layer, module, "A"))) {
              return true;
            }
          }
          return false;
        })
        .toList();
  }

  private static String name(Projection projection, int layer, String module, String side) {
    return PREFIX + projection.path(layer, module) + ".lora_" + side + ".weight";
  }

  private void add(
      SafetensorsFile weights,
      Projection projection,
      int layer,
      List<String> modules,
      Map<String, float[]> matrices,
      Set<String> left) {
    int columns = modules.size() * lora.rank();
    float[] a = new float[shape.inputs(projection) * columns];
    float[] b = new float[shape.outputs(projection) * columns];
    boolean any = false;
    for (int i = 0; i < modules.size(); i++) {
      String nameA = name(projection, layer, modules.get(i), "A");
      if (!weights.names().contains(nameA)) {
        continue;
      }
      String nameB = name(projection, layer, modules.get(i), "B");
      placeA(values(weights, nameA, lora.rank(), shape.inputs(projection)), a, columns, i);
      placeB(
          values(weights, nameB, shape.outputs(modules.get(i)), lora.rank()),
          b,
          projection,
          modules.get(i),
          i);
      left.removeAll(List.of(nameA, nameB));
      any = true;
    }
    if (any) {
      matrices.put(projection.loraA(layer), a);
      matrices.put(projection.loraB(layer), b);
    }
  }

  /// PEFT's A is `rank x in`; ours is `in x columns`.
  private void placeA(float[] values, float[] target, int columns, int part) {
    int inputs = values.length / lora.rank();
    for (int r = 0; r < lora.rank(); r++) {
      for (int i = 0; i < inputs; i++) {
        target[i * columns + part * lora.rank() + r] = values[r * inputs + i];
      }
    }
  }

  /// PEFT's B is `out x rank`; ours is `columns x out`, where the modules' outputs are side by
  /// side.
  private void placeB(
      float[] values, float[] target, Projection projection, String module, int part) {
    int width = shape.outputs(projection);
    int outputs = shape.outputs(module);
    int first = 0;
    for (String before : projection.modules().subList(0, projection.modules().indexOf(module))) {
      first += shape.outputs(before);
    }
    for (int o = 0; o < outputs; o++) {
      for (int r = 0; r < lora.rank(); r++) {
        target[(part * lora.rank() + r) * width + first + o] =
            (float) (lora.scale() * values[o * lora.rank() + r]);
      }
    }
  }

  private float[] values(SafetensorsFile weights, String name, int rows, int columns) {
    if (!weights.names().contains(name)) {
      throw refused("'%s' is missing".formatted(name));
    }
    Tensor tensor = weights.tensor(name);
    if (!Arrays.equals(tensor.shape(), new long[] {rows, columns})) {
      throw refused(
          "'%s' has the shape %s, this model and rank want [%d, %d]"
              .formatted(name, Arrays.toString(tensor.shape()), rows, columns));
    }
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment floats = scratch.allocate(tensor.size() * Float.BYTES, Float.BYTES);
      tensor.copyTo(floats);
      return floats.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  private AdapterException refused(String problem) {
    return AdapterException.refused(file + ": " + problem);
  }
}

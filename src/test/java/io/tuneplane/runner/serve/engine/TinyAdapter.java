package io.tuneplane.runner.serve.engine;

import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.SafetensorsWriter;
import io.tuneplane.runner.serve.onnx.Projection;
import io.tuneplane.runner.serve.onnx.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/// A random LoRA adapter for tests: written as PEFT writes it, or merged into weights.
///
/// @param layers the layers that it adapts, from the first on
public record TinyAdapter(
    ModelConfig config, long seed, int rank, double alpha, List<String> modules, int layers) {

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pair(float[] a, float[] b) {}

  private Map<String, Pair> pairs() {
    Random random = new Random(seed);
    Shape shape = new Shape(config);
    Map<String, Pair> pairs = new HashMap<>();
    for (int layer = 0; layer < layers; layer++) {
      for (Projection projection : Projection.values()) {
        for (String module : projection.modules()) {
          if (modules.contains(module)) {
            pairs.put(
                projection.path(layer, module),
                new Pair(
                    noise(random, rank * shape.inputs(module)),
                    noise(random, rank * shape.outputs(module))));
          }
        }
      }
    }
    return pairs;
  }

  private static float[] noise(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 0.3f * (float) random.nextGaussian();
    }
    return values;
  }

  /// The weights with the adapter added in.
  Map<String, float[]> merged(Map<String, float[]> weights) {
    Map<String, float[]> merged = new HashMap<>(weights);
    pairs()
        .forEach(
            (path, pair) -> merged.merge(path + ".weight", new float[0], (w, _) -> add(w, pair)));
    return merged;
  }

  private float[] add(float[] weight, Pair pair) {
    int inputs = pair.a().length / rank;
    float[] sum = weight.clone();
    for (int i = 0; i < sum.length; i++) {
      double change = 0;
      for (int r = 0; r < rank; r++) {
        change += pair.b()[i / inputs * rank + r] * pair.a()[r * inputs + i % inputs];
      }
      sum[i] += (float) (alpha / rank * change);
    }
    return sum;
  }

  /// Writes `adapter_config.json` and `adapter_model.safetensors`.
  public Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("adapter_config.json"),
        """
        {"peft_type": "LORA", "r": %d, "lora_alpha": %s, "target_modules": [%s]}
        """
            .formatted(
                rank,
                alpha,
                modules.stream().map(m -> "\"" + m + "\"").collect(Collectors.joining(", "))));
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    pairs()
        .forEach((path, pair) -> {
          String name = "base_model.model." + path;
          entries.add(entry(name + ".lora_A.weight", pair.a(), rank));
          entries.add(entry(name + ".lora_B.weight", pair.b(), pair.b().length / rank));
        });
    SafetensorsWriter.write(
        folder.resolve("adapter_model.safetensors"), entries, Map.of("format", "pt"));
    return folder;
  }

  private static SafetensorsWriter.Entry entry(String name, float[] values, long rows) {
    return SafetensorsWriter.Entry.floats(name, values, rows, values.length / rows);
  }
}

package io.tuneplane.runner.train;

import io.tuneplane.dataset.Encoded;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// A tiny model with an adapter whose every value is drawn at random, ready for passes.
final class TinyPass implements AutoCloseable {

  static final List<String> ALL =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  final Kernels kernels = Kernels.load(1);
  final Llama llama;
  final Adapter adapter;
  final Lora lora;

  TinyPass(TinyLlama tiny, Path folder, Precision precision, Lora lora) throws IOException {
    this.lora = lora;
    try (BaseModel base = Models.open(tiny.writeFolder(folder))) {
      llama =
          new Llama(
              kernels,
              base.config(),
              LlamaWeights.load(kernels, base.config(), base.weights(), precision),
              64);
      adapter = new Adapter(kernels, new AdapterLayout(base.config(), lora), precision);
    }
    adapter.write(noise(adapter.layout().size(), 7, 0.2));
  }

  static Lora lora(List<String> modules) {
    return new Lora(3, 6, 0, modules, false);
  }

  static float[] noise(int size, long seed, double scale) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  /// Sequences of the given lengths, about half of their tokens learnt.
  static List<Sequence> sequences(long seed, int... lengths) {
    Random random = new Random(seed);
    return IntStream.of(lengths)
        .mapToObj(n -> {
          int[] tokens = random.ints(n, 3, TinyLlama.vocabulary()).toArray();
          boolean[] target = new boolean[n];
          for (int i = 1; i < n; i++) {
            target[i] = i == n - 1 || random.nextBoolean();
          }
          return Sequence.of(new Encoded(tokens, target, false));
        })
        .toList();
  }

  Llama.Adapted adapted() {
    return Llama.Adapted.of(adapter, lora.scale());
  }

  /// The sum of weight x -log p.
  double loss(Packed packed, float[] weights, double dropout) {
    try (Llama.Adapted adapted = adapted()) {
      return sum(llama.evaluate(packed, Optional.of(adapted), dropout), weights);
    }
  }

  double learn(Packed packed, float[] weights, double dropout) {
    try (Llama.Adapted adapted = adapted()) {
      return sum(llama.learn(packed, adapted, weights, dropout), weights);
    }
  }

  private static double sum(Llama.Predictions predictions, float[] weights) {
    double loss = 0;
    for (int i = 0; i < weights.length; i++) {
      loss -= weights[i] * predictions.logProbabilities()[i];
    }
    return loss;
  }

  @Override
  public void close() {
    adapter.close();
    llama.close();
    kernels.close();
  }
}

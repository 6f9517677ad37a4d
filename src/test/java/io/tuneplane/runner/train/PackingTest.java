package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tuneplane.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Examples that share a pass must not see each other.
class PackingTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void packedAndUnpackedGiveTheSameLossAndGradient(long seed) throws IOException {
    List<Sequence> sequences = TinyPass.sequences(seed, 7, 31, 2, 16, 31);
    int targets = sequences.stream().mapToInt(Sequence::targets).sum();
    float[] weights = TinyPass.noise(targets, seed, 1);
    try (TinyPass pass =
        new TinyPass(TinyLlama.seeded(seed), folder, Precision.FP32, TinyPass.lora(TinyPass.ALL))) {
      double packed = pass.learn(Packed.of(sequences), weights, 0);
      float[] packedGradient = pass.adapter.readGradient();
      pass.adapter.update(0, 1, 0, 0);
      double unpacked = 0;
      int at = 0;
      for (Sequence sequence : sequences) {
        float[] part = java.util.Arrays.copyOfRange(weights, at, at + sequence.targets());
        unpacked += pass.learn(Packed.of(List.of(sequence)), part, 0);
        at += sequence.targets();
      }
      assertThat(packed).as("seed %d", seed).isCloseTo(unpacked, within(1e-4));
      assertThat(pass.adapter.readGradient()).containsExactly(packedGradient, within(2e-4f));
    }
  }

  @Test
  void whatIsPackedBesideItChangesNothing() throws IOException {
    Sequence kept = TinyPass.sequences(1, 12).getFirst();
    try (TinyPass pass =
        new TinyPass(TinyLlama.seeded(1), folder, Precision.FP32, TinyPass.lora(TinyPass.ALL))) {
      double[] beside = first(pass, kept, TinyPass.sequences(2, 20).getFirst());
      double[] besideAnother = first(pass, kept, TinyPass.sequences(3, 20).getFirst());
      assertThat(beside).containsExactly(besideAnother, within(1e-6));
    }
  }

  private static double[] first(TinyPass pass, Sequence kept, Sequence other) {
    try (Llama.Adapted adapted = pass.adapted()) {
      double[] all =
          pass.llama
              .evaluate(Packed.of(List.of(kept, other)), Optional.of(adapted), 0)
              .logProbabilities();
      return java.util.Arrays.copyOf(all, kept.targets());
    }
  }
}

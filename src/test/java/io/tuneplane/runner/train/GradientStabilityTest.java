package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// DJL's overloads for a Java `Number` hand libtorch memory that the garbage collector may take
/// before it is read: gradients were then wrong, in silence. Whatever the collector does, the
/// gradient of one batch is one and the same, to the last bit.
class GradientStabilityTest {

  @TempDir Path folder;

  @Test
  void garbageCollectionsChangeNoBit() throws IOException, InterruptedException {
    Packed packed = Packed.of(TinyPass.sequences(1, 20, 33, 7));
    float[] weights = TinyPass.noise(packed.learnt(), 2, 1);
    try (TinyPass pass =
        new TinyPass(TinyLlama.seeded(1), folder, Precision.FP32, TinyPass.lora(TinyPass.ALL))) {
      float[] calm = gradient(pass, packed, weights, 0);
      AtomicBoolean done = new AtomicBoolean();
      Thread collector = Thread.ofPlatform().start(() -> collect(done));
      try {
        for (int i = 0; i < 10; i++) {
          assertThat(gradient(pass, packed, weights, 0)).isEqualTo(calm);
        }
      } finally {
        done.set(true);
        collector.join();
      }
    }
  }

  private static void collect(AtomicBoolean done) {
    while (!done.get()) {
      byte[][] litter = new byte[64][];
      for (int i = 0; i < litter.length; i++) {
        litter[i] = new byte[16 << 10];
      }
      assertThat(litter.length).isEqualTo(64);
      System.gc();
    }
  }

  @Test
  void dropoutIsDrawnFromItsSeedAlone() throws IOException {
    Packed packed = Packed.of(TinyPass.sequences(1, 20, 33, 7));
    float[] weights = TinyPass.noise(packed.learnt(), 2, 1);
    try (TinyPass pass =
        new TinyPass(TinyLlama.seeded(1), folder, Precision.FP32, TinyPass.lora(TinyPass.ALL))) {
      pass.kernels.seed(5);
      float[] first = gradient(pass, packed, weights, 0.3);
      float[] second = gradient(pass, packed, weights, 0.3);
      pass.kernels.seed(5);
      float[] again = gradient(pass, packed, weights, 0.3);
      assertThat(again).isEqualTo(first).isNotEqualTo(second);
    }
  }

  private static float[] gradient(TinyPass pass, Packed packed, float[] weights, double dropout) {
    pass.adapter.update(0, 1, 0, 0);
    pass.learn(packed, weights, dropout);
    return pass.adapter.readGradient();
  }
}

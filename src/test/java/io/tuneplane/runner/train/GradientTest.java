package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tuneplane.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The backward pass against finite differences, in 64-bit arithmetic: the formulas are right if
/// the slope along every matrix agrees.
class GradientTest {

  private static final double STEP = 1e-4;

  @TempDir Path folder;

  static Stream<Arguments> models() {
    TinyLlama plain = TinyLlama.seeded(1);
    return Stream.of(
        Arguments.of("llama, tied", plain, TinyPass.ALL),
        Arguments.of("untied head", plain.withUntiedHead(), TinyPass.ALL),
        Arguments.of("biases", plain.withBiases(), TinyPass.ALL),
        Arguments.of("llama 3 rope", plain.withLlama3Rope(), TinyPass.ALL),
        Arguments.of("attention alone", plain, List.of("q_proj", "v_proj")),
        Arguments.of("keys and gates alone", plain, List.of("k_proj", "gate_proj")),
        Arguments.of("o and up alone", plain, List.of("o_proj", "up_proj")),
        Arguments.of("down alone", plain, List.of("down_proj")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void everyMatrixHasTheSlopeOfTheLoss(String name, TinyLlama tiny, List<String> modules)
      throws IOException {
    Packed packed = Packed.of(TinyPass.sequences(5, 9, 4, 13));
    float[] weights = TinyPass.noise(packed.learnt(), 3, 1);
    try (TinyPass pass = new TinyPass(tiny, folder, Precision.FP64, TinyPass.lora(modules))) {
      pass.learn(packed, weights, 0);
      assertSlopes(pass, () -> pass.loss(packed, weights, 0));
    }
  }

  /// Moves each matrix a little to both sides, and compares the change of the loss with what the
  /// gradient says of the same move.
  private static void assertSlopes(TinyPass pass, DoubleSupplier loss) {
    float[] gradient = pass.adapter.readGradient();
    float[] values = pass.adapter.read();
    for (AdapterLayout.Matrix matrix : pass.adapter.layout().matrices()) {
      float[] up = moved(values, matrix, STEP);
      float[] down = moved(values, matrix, -STEP);
      double expected = 0;
      for (int i = matrix.offset(); i < matrix.offset() + matrix.size(); i++) {
        expected += gradient[i] * ((double) up[i] - down[i]);
      }
      pass.adapter.write(up);
      double difference = loss.getAsDouble();
      pass.adapter.write(down);
      difference -= loss.getAsDouble();
      assertThat(difference / STEP)
          .as(matrix.name())
          .isCloseTo(expected / STEP, within(1e-5 + 1e-4 * Math.abs(expected / STEP)));
    }
    pass.adapter.write(values);
  }

  private static float[] moved(float[] values, AdapterLayout.Matrix matrix, double by) {
    float[] moved = values.clone();
    float[] direction = TinyPass.noise(matrix.size(), matrix.offset(), 1);
    for (int i = 0; i < direction.length; i++) {
      moved[matrix.offset() + i] += (float) (by * direction[i]);
    }
    return moved;
  }

  @Test
  void dropoutIsTheSameOnTheWayBack() throws IOException {
    Packed packed = Packed.of(TinyPass.sequences(5, 9, 4, 13));
    float[] weights = TinyPass.noise(packed.learnt(), 3, 1);
    try (TinyPass pass =
        new TinyPass(TinyLlama.seeded(1), folder, Precision.FP64, TinyPass.lora(TinyPass.ALL))) {
      pass.kernels.seed(11);
      pass.learn(packed, weights, 0.4);
      assertSlopes(
          pass,
          () -> {
            pass.kernels.seed(11);
            return pass.loss(packed, weights, 0.4);
          });
    }
  }

  @Test
  void dpoHasTheSlopeOfItsLoss() throws IOException {
    List<Sequence> sequences = TinyPass.sequences(5, 9, 12, 13, 4);
    List<TrainingExample.Pair> pairs =
        List.of(
            new TrainingExample.Pair(sequences.get(0), sequences.get(1)),
            new TrainingExample.Pair(sequences.get(2), sequences.get(3)));
    Lora lora = TinyPass.lora(TinyPass.ALL);
    try (TinyPass pass = new TinyPass(TinyLlama.seeded(1), folder, Precision.FP64, lora);
        PreferenceObjective objective =
            new PreferenceObjective(pass.kernels, pass.llama, Optional.empty(), 0.1, lora)) {
      try (Llama.Adapted adapted = pass.adapted()) {
        objective.learn(adapted, pairs, objective.count(pairs), 0);
      }
      assertSlopes(
          pass,
          () -> {
            try (Llama.Adapted adapted = pass.adapted()) {
              return objective.evaluate(adapted, pairs).meanLoss();
            }
          });
    }
  }

  @Test
  void dpoBeginsAtTheLossOfACoin() throws IOException {
    List<Sequence> sequences = TinyPass.sequences(5, 9, 12);
    List<TrainingExample.Pair> pair =
        List.of(new TrainingExample.Pair(sequences.get(0), sequences.get(1)));
    Lora lora = TinyPass.lora(TinyPass.ALL);
    try (TinyPass pass = new TinyPass(TinyLlama.seeded(1), folder, Precision.FP32, lora)) {
      Adapter begun = new Adapter(pass.kernels, pass.adapter.layout(), Precision.FP32);
      begun.write(pass.adapter.read());
      try (PreferenceObjective objective =
              new PreferenceObjective(pass.kernels, pass.llama, Optional.of(begun), 0.1, lora);
          Llama.Adapted adapted = pass.adapted()) {
        assertThat(objective.evaluate(adapted, pair).meanLoss())
            .isCloseTo(Math.log(2), within(1e-6));
      }
    }
  }
}

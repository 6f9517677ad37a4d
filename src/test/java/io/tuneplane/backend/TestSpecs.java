package io.tuneplane.backend;

import java.nio.file.Path;
import java.util.Optional;

/// Training specs for tests, with every value set.
public final class TestSpecs {

  private TestSpecs() {}

  /// A small supervised LoRA run of a model named `tiny`, on a file that isn't there.
  public static TrainingSpec training() {
    return training(hyperparameters(3));
  }

  /// The same with other hyperparameters.
  public static TrainingSpec training(Hyperparameters hyperparameters) {
    return new TrainingSpec(
        "tiny",
        Method.SUPERVISED,
        Path.of("train.jsonl"),
        "0".repeat(64),
        Optional.empty(),
        hyperparameters,
        7,
        Optional.empty(),
        Optional.empty(),
        java.util.Set.of(),
        java.util.Map.of());
  }

  /// Rank 4 on all linear layers, batches of 4.
  public static Hyperparameters hyperparameters(int epochs) {
    Hyperparameters.Lora lora =
        new Hyperparameters.Lora(4, 8, 0, Hyperparameters.Lora.ALL_LINEAR, false);
    return new Hyperparameters(epochs, 4, 2e-4, 1, 0.1, Optional.of(lora), Optional.empty());
  }
}

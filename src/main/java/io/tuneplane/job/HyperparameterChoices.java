package io.tuneplane.job;

import io.tuneplane.backend.Hyperparameters.Lora;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Hyperparameters as they were asked for.
///
/// @param epochs passes over the training data
/// @param batchSize examples per optimiser step
/// @param learningRateMultiplier times the model's base learning rate
/// @param beta the strength of the reference model in dpo
/// @param lora the adapter's shape
/// @param quantization how the frozen weights are held while training, e.g. `4bit`
public record HyperparameterChoices(
    Choice<Integer> epochs,
    Choice<Integer> batchSize,
    Choice<Double> learningRateMultiplier,
    Choice<Double> beta,
    LoraChoices lora,
    Optional<String> quantization) {

  /// Everything left to us.
  public static final HyperparameterChoices AUTO =
      new HyperparameterChoices(
          Choice.auto(),
          Choice.auto(),
          Choice.auto(),
          Choice.auto(),
          LoraChoices.DEFAULT,
          Optional.empty());

  /// Which of those that a place may have a rule of its own for were left to us, by their wire
  /// names.
  Set<String> automatic() {
    Set<String> left = new TreeSet<>();
    batchSize.whenAuto(() -> left.add("batch_size"));
    learningRateMultiplier.whenAuto(() -> left.add("learning_rate_multiplier"));
    beta.whenAuto(() -> left.add("beta"));
    return left;
  }

  /// The adapter as it was asked for.
  ///
  /// @param rank the rank of the update
  /// @param alpha the numerator of the scale
  /// @param dropout the chance that an input of A is zeroed
  /// @param targetModules the linear layers that get an adapter
  /// @param rankStabilized scale by `alpha / sqrt(rank)`
  public record LoraChoices(
      int rank, double alpha, double dropout, List<String> targetModules, boolean rankStabilized) {

    /// Rank 8, alpha 16, no dropout, all linear layers.
    public static final LoraChoices DEFAULT = new LoraChoices(8, 16, 0, Lora.ALL_LINEAR, false);

    public LoraChoices {
      targetModules = List.copyOf(targetModules);
    }
  }
}

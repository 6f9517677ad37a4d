package io.tuneplane.backend;

import java.util.List;
import java.util.Optional;

/// Resolved hyperparameters: nothing here is `auto`.
///
/// @param epochs passes over the training data, 1 to 50
/// @param batchSize examples per optimiser step, whatever the packing, 1 to 256
/// @param learningRate the peak learning rate: base times multiplier
/// @param learningRateMultiplier what the user asked for, 1 for `auto`
/// @param beta the strength of the reference model in dpo, above 0 and at most 2; ignored elsewhere
/// @param lora the adapter, or empty for full-weight training
/// @param quantization how the frozen weights are held while training, e.g. `4bit`; empty for none
public record Hyperparameters(
    int epochs,
    int batchSize,
    double learningRate,
    double learningRateMultiplier,
    double beta,
    Optional<Lora> lora,
    Optional<String> quantization) {

  /// A LoRA adapter (Hu et al., 2021, arXiv:2106.09685).
  ///
  /// @param rank the rank of the update
  /// @param alpha the numerator of the scale
  /// @param dropout the chance that an input of A is zeroed, 0 to below 1
  /// @param targetModules the linear layers that get one, e.g. `q_proj`
  /// @param rankStabilized scale by `alpha / sqrt(rank)` instead of `alpha / rank` (rsLoRA,
  ///   arXiv:2312.03732)
  public record Lora(
      int rank, double alpha, double dropout, List<String> targetModules, boolean rankStabilized) {

    /// All linear layers of a Llama block.
    public static final List<String> ALL_LINEAR =
        List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    public Lora {
      targetModules = List.copyOf(targetModules);
    }
  }
}

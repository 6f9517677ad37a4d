package io.tuneplane.runner.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;

/// How the adapter is trained. The defaults that a caller resolves these from are in
/// `docs/runner.md`.
///
/// @param nEpochs passes over the training set
/// @param batchSize examples (in dpo: pairs) per optimiser step, whatever the packing
/// @param learningRate the peak learning rate, multiplier included
/// @param learningRateMultiplier what the user asked for; recorded, not applied again
/// @param beta how strongly dpo holds on to the reference model; ignored by supervised
/// @param lora the adapter
/// @param schedule how the learning rate falls after the warm-up
/// @param warmupRatio the share of all steps in which the learning rate rises from 0
/// @param weightDecay AdamW's decoupled weight decay
/// @param maxGradNorm gradients are scaled down to this global norm; 0 for no clipping
/// @param packing whether several examples share a pass; the result is the same to rounding
/// @param maxLength the longest example in tokens; longer ones are cut at the end
public record Hyperparameters(
    @JsonProperty(required = true) int nEpochs,
    @JsonProperty(required = true) int batchSize,
    @JsonProperty(required = true) double learningRate,
    @JsonProperty(required = true) double learningRateMultiplier,
    @JsonSetter(nulls = Nulls.SET) @Nullable Double beta,
    @JsonProperty(required = true) Lora lora,
    @JsonProperty(required = true) Schedule schedule,
    @JsonProperty(required = true) double warmupRatio,
    @JsonProperty(required = true) double weightDecay,
    @JsonProperty(required = true) double maxGradNorm,
    @JsonProperty(required = true) boolean packing,
    @JsonProperty(required = true) int maxLength) {

  /// DPO's beta where none is given, as in TRL.
  static final double USUAL_BETA = 0.1;

  public Hyperparameters {
    Check.between("n_epochs", nEpochs, 1, 50);
    Check.between("batch_size", batchSize, 1, 4096);
    Check.positive("learning_rate", learningRate);
    Check.positive("learning_rate_multiplier", learningRateMultiplier);
    if (beta != null) {
      Check.positive("beta", beta);
    }
    Check.between("warmup_ratio", warmupRatio, 0, 1);
    Check.between("weight_decay", weightDecay, 0, 1);
    Check.between("max_grad_norm", maxGradNorm, 0, 1e6);
    Check.atLeast("max_length", maxLength, 2);
  }

  /// How the learning rate falls after the warm-up.
  public enum Schedule {
    /// It stays.
    @JsonProperty("constant")
    CONSTANT,
    /// In a straight line to 0 at the end.
    @JsonProperty("linear")
    LINEAR,
    /// Along half a cosine to 0 at the end.
    @JsonProperty("cosine")
    COSINE
  }
}

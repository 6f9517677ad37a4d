package io.tuneplane.model;

import java.util.List;
import java.util.Optional;

/// What `config.json` (or a GGUF header) says of a decoder of the Llama family.
///
/// @param architecture as `config.json` names it: `LlamaForCausalLM`, `Qwen2ForCausalLM`,
///   `MistralForCausalLM`
/// @param vocabSize rows of the embedding
/// @param hiddenSize width of the residual stream
/// @param intermediateSize width of the MLP
/// @param layers blocks
/// @param heads query heads
/// @param kvHeads key and value heads; divides `heads`
/// @param headDim width of one head; not always `hiddenSize / heads`
/// @param maxPositions the longest context, in tokens
/// @param rmsNormEps epsilon of every RMSNorm
/// @param ropeTheta base of the rotary embedding
/// @param ropeScaling how the rotary frequencies are stretched, if at all
/// @param attentionBias whether q, k and v have biases (Qwen2.5)
/// @param tieWordEmbeddings whether the output head is the embedding
/// @param bosToken the id that starts a text, if any
/// @param eosTokens the ids that end an answer
public record ModelConfig(
    String architecture,
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int maxPositions,
    double rmsNormEps,
    double ropeTheta,
    Optional<RopeScaling> ropeScaling,
    boolean attentionBias,
    boolean tieWordEmbeddings,
    Optional<Integer> bosToken,
    List<Integer> eosTokens) {

  public ModelConfig {
    eosTokens = List.copyOf(eosTokens);
  }

  /// The sizes alone.
  public ModelShape shape() {
    return new ModelShape(
        vocabSize,
        hiddenSize,
        intermediateSize,
        layers,
        heads,
        kvHeads,
        headDim,
        attentionBias,
        tieWordEmbeddings);
  }

  /// How rotary frequencies are stretched for a longer context.
  public sealed interface RopeScaling {

    /// All frequencies divided by one factor.
    record Linear(double factor) implements RopeScaling {}

    /// Llama 3's: low frequencies divided by the factor, high ones kept, a smooth ramp between
    /// (`rope_type: llama3`).
    record Llama3(
        double factor, double lowFreqFactor, double highFreqFactor, int originalMaxPositions)
        implements RopeScaling {}
  }
}

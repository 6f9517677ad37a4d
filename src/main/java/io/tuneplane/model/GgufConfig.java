package io.tuneplane.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads a model's shape from the metadata of a GGUF file.
///
/// @param metadata the file's
/// @param tied whether the file has no output head of its own
/// @param ropeFactors what each rotary frequency is divided by (`rope_freqs.weight`), if the file
///   has that
record GgufConfig(GgufMetadata metadata, boolean tied, Optional<float[]> ropeFactors) {

  ModelConfig config() {
    String source = metadata.source();
    Architecture architecture = Architecture.ofType(metadata.text("general.architecture"), source);
    refuseWhatIsNotBuilt();
    int hidden = whole("embedding_length", ModelLimits.WIDTH);
    int heads = whole("attention.head_count", ModelLimits.HEADS);
    int headDim =
        metadata
            .optionalWhole(key("attention.key_length"), 1, ModelLimits.WIDTH)
            .orElse(hidden / heads);
    refusePartialRotary(headDim);
    double theta = metadata.positive(key("rope.freq_base"), 10_000);
    int vocabulary = metadata.texts("tokenizer.ggml.tokens").size();
    return ModelLimits.checked(
        new ModelConfig(
            architecture.id(),
            vocabulary,
            hidden,
            whole("feed_forward_length", ModelLimits.WIDTH),
            whole("block_count", ModelLimits.LAYERS),
            heads,
            metadata
                .optionalWhole(key("attention.head_count_kv"), 1, ModelLimits.HEADS)
                .orElse(heads),
            headDim,
            maxPositions(),
            metadata.positive(key("attention.layer_norm_rms_epsilon")),
            theta,
            ropeScaling(headDim, theta),
            architecture.qkvBias(),
            tied,
            metadata.optionalWhole("tokenizer.ggml.bos_token_id", 0, vocabulary - 1),
            eosTokens(vocabulary)),
        source);
  }

  private String key(String name) {
    return metadata.text("general.architecture") + "." + name;
  }

  private int whole(String name, int max) {
    return metadata.whole(key(name), 1, max);
  }

  private void refuseWhatIsNotBuilt() {
    if (metadata.optionalWhole(key("expert_count"), 0, Integer.MAX_VALUE).orElse(0) > 0) {
      throw new ModelException(metadata.source() + ": mixtures of experts are not supported");
    }
  }

  private void refusePartialRotary(int headDim) {
    int rotated =
        metadata.optionalWhole(key("rope.dimension_count"), 1, ModelLimits.WIDTH).orElse(headDim);
    if (rotated != headDim) {
      throw new ModelException(
          "%s: rotary embeddings of %d of %d dimensions; they must cover the whole head"
              .formatted(metadata.source(), rotated, headDim));
    }
  }

  private int maxPositions() {
    int positions = whole("context_length", ModelLimits.POSITIONS);
    return metadata
        .optionalWhole(key("attention.sliding_window"), 1, ModelLimits.POSITIONS)
        .map(window -> Math.min(window, positions))
        .orElse(positions);
  }

  private Optional<ModelConfig.RopeScaling> ropeScaling(int headDim, double theta) {
    if (ropeFactors.isPresent()) {
      return Optional.of(
          Llama3Rope.recognised(ropeFactors.get(), headDim, theta, metadata.source()));
    }
    String type = metadata.optionalText(key("rope.scaling.type")).orElse("none");
    return switch (type) {
      case "none" -> Optional.empty();
      case "linear" ->
          Optional.of(
              new ModelConfig.RopeScaling.Linear(metadata.positive(key("rope.scaling.factor"))));
      default ->
          throw new ModelException(
              "%s: rotary scaling '%s' is not supported (none, linear, llama3)"
                  .formatted(metadata.source(), type));
    };
  }

  private List<Integer> eosTokens(int vocabulary) {
    Set<Integer> ids = new LinkedHashSet<>();
    for (String kind : List.of("eos", "eot", "eom")) {
      metadata
          .optionalWhole("tokenizer.ggml.%s_token_id".formatted(kind), 0, vocabulary - 1)
          .ifPresent(ids::add);
    }
    return List.copyOf(ids);
  }
}

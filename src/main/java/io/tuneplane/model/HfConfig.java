package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads `config.json` (and the end tokens of `generation_config.json`) of a Hugging Face folder.
/// What would change the computation and is not built here is refused by name, never ignored. Keys
/// and defaults are those of `transformers` 4 and 5 (`LlamaConfig`, `Qwen2Config`,
/// `MistralConfig`).
final class HfConfig {

  private static final long MAX_BYTES = 4 << 20;

  private final ConfigFields fields;
  private final Architecture architecture;

  private HfConfig(ConfigFields fields) {
    this.fields = fields;
    this.architecture = architecture(fields);
  }

  /// @throws ModelException if the file is missing, broken, or describes a model that can't be run
  static ModelConfig read(Path folder) {
    Path file = folder.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          folder + " has no config.json: it is not a model in Hugging Face's layout");
    }
    ConfigFields fields = new ConfigFields(ModelJson.object(file, MAX_BYTES), file.toString());
    Path generation = folder.resolve("generation_config.json");
    Optional<ConfigFields> generationFields =
        Files.isRegularFile(generation)
            ? Optional.of(
                new ConfigFields(ModelJson.object(generation, MAX_BYTES), generation.toString()))
            : Optional.empty();
    return new HfConfig(fields).config(generationFields);
  }

  private static Architecture architecture(ConfigFields fields) {
    JsonNode names = fields.node().path("architectures");
    if (names.isArray() && names.size() == 1 && names.get(0).isTextual()) {
      return Architecture.named(names.get(0).asText(), fields.source());
    }
    return fields
        .text("model_type")
        .map(type -> Architecture.ofType(type, fields.source()))
        .orElseThrow(() -> fields.wrong("architectures", "a list of one name"));
  }

  private ModelConfig config(Optional<ConfigFields> generation) {
    refuseWhatIsNotBuilt();
    int hidden = fields.whole("hidden_size", ModelLimits.WIDTH);
    int heads = fields.whole("num_attention_heads", ModelLimits.HEADS);
    int vocabulary = fields.whole("vocab_size", ModelLimits.VOCABULARY);
    ConfigFields rope = rope();
    return ModelLimits.checked(
        new ModelConfig(
            architecture.id(),
            vocabulary,
            hidden,
            fields.whole("intermediate_size", ModelLimits.WIDTH),
            fields.whole("num_hidden_layers", ModelLimits.LAYERS),
            heads,
            kvHeads(heads),
            fields.wholeOr("head_dim", ModelLimits.WIDTH, hidden / heads),
            maxPositions(),
            fields.positive("rms_norm_eps", 1e-6),
            ropeTheta(rope),
            ropeScaling(rope),
            architecture.qkvBias(),
            fields.flag("tie_word_embeddings", false),
            fields.ids("bos_token_id", vocabulary - 1).stream().findFirst(),
            eosTokens(generation, vocabulary)),
        fields.source());
  }

  private void refuseWhatIsNotBuilt() {
    if (fields.has("auto_map")) {
      throw refused("auto_map", "the model brings its own code, which is never run");
    }
    if (fields.has("quantization_config")) {
      throw refused(
          "quantization_config", "quantised weights are read from GGUF only; use the original");
    }
    if (!fields.text("hidden_act").orElse("silu").equals("silu")) {
      throw refused("hidden_act", "only silu is supported");
    }
    if (fields.flag("mlp_bias", false)) {
      throw refused("mlp_bias", "biases in the MLP are not supported");
    }
    if (fields.flag("attention_bias", architecture.qkvBias()) != architecture.qkvBias()) {
      throw refused("attention_bias", architecture.id() + " is supported in its usual form only");
    }
    refusePartialRotary(fields);
  }

  private void refusePartialRotary(ConfigFields in) {
    if (in.positive("partial_rotary_factor", 1) != 1) {
      throw refused("partial_rotary_factor", "rotary embeddings must cover the whole head");
    }
  }

  private int kvHeads(int heads) {
    return architecture == Architecture.LLAMA
        ? fields.wholeOr("num_key_value_heads", ModelLimits.HEADS, heads)
        : fields.whole("num_key_value_heads", ModelLimits.HEADS);
  }

  /// A sliding window changes nothing for contexts that fit in it, so it bounds the context.
  private int maxPositions() {
    int positions = fields.whole("max_position_embeddings", ModelLimits.POSITIONS);
    return slides()
        ? Math.min(positions, fields.whole("sliding_window", ModelLimits.POSITIONS))
        : positions;
  }

  private boolean slides() {
    if (!fields.has("sliding_window")) {
      return false;
    }
    return switch (architecture) {
      case MISTRAL -> true;
      case QWEN2 -> fields.flag("use_sliding_window", false);
      case LLAMA -> false;
    };
  }

  /// Since `transformers` 5 everything about rotary embeddings is in `rope_parameters`; before, the
  /// base stood at the top and the rest in `rope_scaling`.
  private ConfigFields rope() {
    for (String key : List.of("rope_parameters", "rope_scaling")) {
      if (fields.has(key)) {
        ConfigFields rope = fields.object(key);
        refusePartialRotary(rope);
        return rope;
      }
    }
    return new ConfigFields(ModelJson.MAPPER.createObjectNode(), fields.source());
  }

  private double ropeTheta(ConfigFields rope) {
    return rope.has("rope_theta")
        ? rope.positive("rope_theta")
        : fields.positive("rope_theta", 10_000);
  }

  private Optional<ModelConfig.RopeScaling> ropeScaling(ConfigFields rope) {
    String type = rope.text("rope_type").or(() -> rope.text("type")).orElse("default");
    return switch (type) {
      case "default" -> Optional.empty();
      case "linear" -> Optional.of(new ModelConfig.RopeScaling.Linear(rope.positive("factor")));
      case "llama3" ->
          Optional.of(
              new ModelConfig.RopeScaling.Llama3(
                  rope.positive("factor"),
                  rope.positive("low_freq_factor"),
                  rope.positive("high_freq_factor"),
                  rope.whole("original_max_position_embeddings", ModelLimits.POSITIONS)));
      default ->
          throw new ModelException(
              "%s: rotary type '%s' is not supported (default, linear, llama3)"
                  .formatted(fields.source(), type));
    };
  }

  private List<Integer> eosTokens(Optional<ConfigFields> generation, int vocabulary) {
    Set<Integer> ids = new LinkedHashSet<>(fields.ids("eos_token_id", vocabulary - 1));
    generation.ifPresent(g -> ids.addAll(g.ids("eos_token_id", vocabulary - 1)));
    return List.copyOf(ids);
  }

  private ModelException refused(String key, String why) {
    return new ModelException("%s: '%s': %s".formatted(fields.source(), key, why));
  }
}

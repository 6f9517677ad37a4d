package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.model.ModelConfig.RopeScaling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The settings of real models' `config.json`, as published, and what is refused.
class HfConfigTest {

  private static final String LLAMA =
      """
      {"architectures": ["LlamaForCausalLM"], "hidden_act": "silu", "hidden_size": 4096,
       "intermediate_size": 14336, "num_attention_heads": 32, "num_hidden_layers": 32,
       "num_key_value_heads": 8, "max_position_embeddings": 131072, "rms_norm_eps": 1e-05,
       "rope_theta": 500000.0, "vocab_size": 128256, "tie_word_embeddings": false,
       "attention_bias": false, "mlp_bias": false, "pretraining_tp": 1,
       "bos_token_id": 128000, "eos_token_id": [128001, 128008, 128009],
       "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                        "original_max_position_embeddings": 8192, "rope_type": "llama3"}}
      """;

  private static final String QWEN =
      """
      {"architectures": ["Qwen2ForCausalLM"], "hidden_act": "silu", "hidden_size": 896,
       "intermediate_size": 4864, "max_position_embeddings": 32768, "max_window_layers": 21,
       "num_attention_heads": 14, "num_hidden_layers": 24, "num_key_value_heads": 2,
       "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 4096,
       "tie_word_embeddings": true, "use_sliding_window": false, "vocab_size": 151936,
       "bos_token_id": 151643, "eos_token_id": 151645}
      """;

  private static final String MISTRAL =
      """
      {"architectures": ["MistralForCausalLM"], "hidden_act": "silu", "hidden_size": 4096,
       "intermediate_size": 14336, "max_position_embeddings": 32768,
       "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
       "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "sliding_window": null,
       "tie_word_embeddings": false, "vocab_size": 32768, "bos_token_id": 1, "eos_token_id": 2}
      """;

  @TempDir Path temp;

  private ModelConfig read(String json) throws IOException {
    Files.writeString(temp.resolve("config.json"), json);
    return HfConfig.read(temp);
  }

  /// The model with one setting changed, written as JSON.
  private ModelConfig read(String json, String key, String value) throws IOException {
    ObjectNode node = ModelJson.object(json.getBytes(StandardCharsets.UTF_8), "test");
    JsonNode changed = ModelJson.MAPPER.readTree(value);
    return read(node.set(key, changed).toString());
  }

  @Test
  void llama31() throws IOException {
    ModelConfig config = read(LLAMA);
    assertThat(config.headDim()).isEqualTo(128);
    assertThat(config.ropeTheta()).isEqualTo(500_000);
    assertThat(config.ropeScaling()).contains(new RopeScaling.Llama3(8, 1, 4, 8192));
    assertThat(config.eosTokens()).containsExactly(128001, 128008, 128009);
    assertThat(config.attentionBias()).isFalse();
    assertThat(config.shape().parameters()).isEqualTo(8_030_261_248L);
  }

  @Test
  void qwen25HasBiasesAndItsWindowIsOff() throws IOException {
    ModelConfig config = read(QWEN);
    assertThat(config.attentionBias()).isTrue();
    assertThat(config.maxPositions()).isEqualTo(32768);
    assertThat(config.tieWordEmbeddings()).isTrue();
    assertThat(config.headDim()).isEqualTo(64);
  }

  @Test
  void aWindowBoundsTheContextWhereItIsUsed() throws IOException {
    assertThat(read(QWEN, "use_sliding_window", "true").maxPositions()).isEqualTo(4096);
    assertThat(read(MISTRAL, "sliding_window", "4096").maxPositions()).isEqualTo(4096);
    assertThat(read(MISTRAL).maxPositions()).isEqualTo(32768);
  }

  @Test
  void rotarySettingsOfTransformers5() throws IOException {
    ModelConfig config =
        read(
            MISTRAL,
            "rope_parameters",
            "{\"rope_theta\": 250000.0, \"rope_type\": \"linear\", \"factor\": 2.0}");
    assertThat(config.ropeTheta()).isEqualTo(250_000);
    assertThat(config.ropeScaling()).contains(new RopeScaling.Linear(2));
    assertThat(read(MISTRAL, "rope_parameters", "{\"rope_type\": \"default\"}").ropeScaling())
        .isEmpty();
  }

  @Test
  void oldRopeScalingNamesItsType() throws IOException {
    assertThat(read(MISTRAL, "rope_scaling", "{\"type\": \"linear\", \"factor\": 4}").ropeScaling())
        .contains(new RopeScaling.Linear(4));
  }

  @Test
  void whatIsLeftOutHasTransformersDefaults() throws IOException {
    ModelConfig config =
        read(
            """
            {"model_type": "llama", "hidden_size": 64, "intermediate_size": 128,
             "num_attention_heads": 4, "num_hidden_layers": 1, "vocab_size": 100,
             "max_position_embeddings": 512}
            """);
    assertThat(config.kvHeads()).isEqualTo(4);
    assertThat(config.headDim()).isEqualTo(16);
    assertThat(config.ropeTheta()).isEqualTo(10_000);
    assertThat(config.rmsNormEps()).isEqualTo(1e-6);
    assertThat(config.bosToken()).isEqualTo(Optional.empty());
    assertThat(config.eosTokens()).isEmpty();
  }

  @Test
  void endTokensOfTheGenerationSettingsCountToo() throws IOException {
    Files.writeString(
        temp.resolve("generation_config.json"), "{\"eos_token_id\": [151645, 151643]}");
    assertThat(read(QWEN).eosTokens()).containsExactly(151645, 151643);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "architectures | [\"GemmaForCausalLM\"] | 'GemmaForCausalLM' is not supported; supported"
            + " are LlamaForCausalLM",
        "auto_map | {\"AutoModel\": \"x.Y\"} | own code",
        "quantization_config | {\"bits\": 4} | GGUF",
        "hidden_act | \"gelu\" | silu",
        "mlp_bias | true | MLP",
        "attention_bias | true | usual form",
        "partial_rotary_factor | 0.5 | whole head",
        "rope_scaling | {\"rope_type\": \"yarn\", \"factor\": 4.0} | 'yarn' is not supported",
        "rope_scaling | {\"type\": \"dynamic\", \"factor\": 4.0} | 'dynamic' is not supported",
        "rope_scaling | {\"type\": \"linear\"} | 'factor' must be a number above 0, not missing",
        "rope_parameters | {\"partial_rotary_factor\": 0.25} | whole head",
        "num_key_value_heads | 5 | do not divide",
        "head_dim | 63 | can't be rotated",
        "num_hidden_layers | 1000000000 | 'num_hidden_layers' must be a whole number from 1 to"
            + " 1024",
        "hidden_size | \"big\" | 'hidden_size' must be a whole number",
        "hidden_size | -1 | 'hidden_size'",
        "vocab_size | 1e400 | 'vocab_size'",
        "rms_norm_eps | 1e400 | 'rms_norm_eps' must be a number above 0",
        "eos_token_id | 128256 | 'eos_token_id'",
        "tie_word_embeddings | \"yes\" | 'tie_word_embeddings' must be true or false"
      })
  void whatWouldChangeTheComputationIsRefusedByName(String key, String value, String message) {
    assertThatThrownBy(() -> read(LLAMA, key, value))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | not valid JSON",
        "[1] | must hold a JSON object",
        "{\"vocab_size\": 1, \"vocab_size\": 2} | Duplicate field",
        "{} {} | not valid JSON",
        "{} | 'architectures' must be a list of one name"
      })
  void brokenFilesAreRefused(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(message);
  }

  @Test
  void nestingWithoutEndIsRefused() {
    assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("not valid JSON");
  }
}

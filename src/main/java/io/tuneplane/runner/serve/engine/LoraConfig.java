package io.tuneplane.runner.serve.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/// What `adapter_config.json` (PEFT's `LoraConfig`) says that matters here.
///
/// @param rank of every pair of matrices
/// @param scale by which their product is multiplied: alpha / rank, or alpha / sqrt(rank) for
///   rsLoRA
record LoraConfig(int rank, double scale) {

  static final String FILE = "adapter_config.json";
  static final int MAX_RANK = 256;

  /// @throws AdapterException if it is not a LoRA adapter that can be served
  static LoraConfig read(Path folder) {
    Path file = folder.resolve(FILE);
    JsonNode json = AdapterJson.read(file);
    refuseUnless(json.path("peft_type").asText().equals("LORA"), file, "peft_type is not LORA");
    refuseUnless(!json.path("use_dora").asBoolean(), file, "DoRA is not served");
    refuseUnless(!json.path("fan_in_fan_out").asBoolean(), file, "fan_in_fan_out is not served");
    refuseUnless(json.path("bias").asText("none").equals("none"), file, "biases are not served");
    refuseUnless(empty(json, "modules_to_save"), file, "modules_to_save are not served");
    refuseUnless(empty(json, "rank_pattern"), file, "a rank_pattern is not served");
    refuseUnless(empty(json, "alpha_pattern"), file, "an alpha_pattern is not served");
    JsonNode r = json.path("r");
    refuseUnless(r.isInt() && r.intValue() > 0, file, "r is not a rank");
    refuseUnless(
        r.intValue() <= MAX_RANK,
        file,
        "rank %d is higher than %d, the highest that is served".formatted(r.intValue(), MAX_RANK));
    JsonNode alpha = json.path("lora_alpha");
    refuseUnless(alpha.isNumber(), file, "lora_alpha is not a number");
    boolean rankStabilized = json.path("use_rslora").asBoolean();
    double divisor = rankStabilized ? Math.sqrt(r.intValue()) : r.intValue();
    return new LoraConfig(r.intValue(), alpha.doubleValue() / divisor);
  }

  private static boolean empty(JsonNode json, String field) {
    JsonNode value = json.path(field);
    return value.isMissingNode() || value.isNull() || value.isEmpty();
  }

  private static void refuseUnless(boolean condition, Path file, String problem) {
    if (!condition) {
      throw AdapterException.refused(file + ": " + problem);
    }
  }
}

package io.tuneplane.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tuneplane.job.HyperparameterChoices.LoraChoices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A tuned model that a job goes on from, and the shape of its adapter, which the new one shares.
///
/// @param model the tuned model
/// @param lora the adapter's shape
record StartingPoint(TunedModel model, LoraChoices lora) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /// Reads the shape from the adapter's `adapter_config.json`.
  ///
  /// @throws IOException if it can't be read
  /// @return empty if the model's weights are not ours
  static Optional<StartingPoint> of(TunedModel model) throws IOException {
    Optional<Path> adapter = model.trained().adapter();
    if (adapter.isEmpty()) {
      return Optional.empty();
    }
    JsonNode config = JSON.readTree(adapter.get().resolve("adapter_config.json").toFile());
    List<String> targets = new ArrayList<>();
    config.path("target_modules").forEach(target -> targets.add(target.asText()));
    LoraChoices lora =
        new LoraChoices(
            config.path("r").asInt(),
            config.path("lora_alpha").asDouble(),
            config.path("lora_dropout").asDouble(),
            targets,
            config.path("use_rslora").asBoolean());
    return Optional.of(new StartingPoint(model, lora));
  }

  /// The choices with the adapter's shape in place of what was not asked for.
  ///
  /// @return empty if another shape was asked for
  Optional<HyperparameterChoices> shape(HyperparameterChoices asked) {
    boolean free = asked.lora().equals(LoraChoices.DEFAULT) || sameShape(asked.lora());
    return free
        ? Optional.of(
            new HyperparameterChoices(
                asked.epochs(),
                asked.batchSize(),
                asked.learningRateMultiplier(),
                asked.beta(),
                lora,
                asked.quantization()))
        : Optional.empty();
  }

  private boolean sameShape(LoraChoices asked) {
    return asked.rank() == lora.rank()
        && asked.alpha() == lora.alpha()
        && asked.rankStabilized() == lora.rankStabilized()
        && List.copyOf(asked.targetModules()).containsAll(lora.targetModules())
        && lora.targetModules().containsAll(asked.targetModules());
  }
}

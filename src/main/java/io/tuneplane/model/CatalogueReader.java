package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.model.CatalogueEntry.LearningRates;
import io.tuneplane.model.CatalogueEntry.PythonPackage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one entry of `models.yaml`.
final class CatalogueReader {

  private static final String SOURCE = "models.yaml";

  private final ConfigFields fields;
  private final LearningRates defaults;

  CatalogueReader(JsonNode node, LearningRates defaults) {
    this.fields = new ConfigFields(node, SOURCE + ": " + node.path("id").asText());
    this.defaults = defaults;
  }

  /// The rates of all models that have none of their own.
  static LearningRates learningRates(JsonNode yaml) {
    ConfigFields rates = new ConfigFields(yaml, SOURCE).object("learning_rates");
    return new LearningRates(
        rates.positive("lora_supervised"), rates.positive("lora_dpo"), rates.positive("full"));
  }

  CatalogueEntry entry() {
    return new CatalogueEntry(
        text(fields, "id"),
        text(fields, "hub_id"),
        aliases(),
        Architecture.named(text(fields, "architecture"), fields.source()).id(),
        fields.whole("context", ModelLimits.POSITIONS),
        text(fields, "licence"),
        fields.flag("gated", false),
        shape(),
        rates(),
        pythonPackage());
  }

  private static String text(ConfigFields fields, String key) {
    return fields.text(key).orElseThrow(() -> fields.wrong(key, "a text"));
  }

  private List<String> aliases() {
    List<String> aliases = new ArrayList<>();
    fields.node().path("aliases").forEach(a -> aliases.add(a.asText()));
    return aliases;
  }

  private ModelShape shape() {
    ConfigFields shape = fields.object("shape");
    return new ModelShape(
        shape.whole("vocab", ModelLimits.VOCABULARY),
        shape.whole("hidden", ModelLimits.WIDTH),
        shape.whole("intermediate", ModelLimits.WIDTH),
        shape.whole("layers", ModelLimits.LAYERS),
        shape.whole("heads", ModelLimits.HEADS),
        shape.whole("kv_heads", ModelLimits.HEADS),
        shape.whole("head_dim", ModelLimits.WIDTH),
        shape.flag("bias", false),
        shape.flag("tied", false));
  }

  private LearningRates rates() {
    if (!fields.has("learning_rates")) {
      return defaults;
    }
    ConfigFields rates = fields.object("learning_rates");
    return new LearningRates(
        rates.positive("lora_supervised", defaults.loraSupervised()),
        rates.positive("lora_dpo", defaults.loraDpo()),
        rates.positive("full", defaults.full()));
  }

  private Optional<PythonPackage> pythonPackage() {
    if (!fields.has("python_package")) {
      return Optional.empty();
    }
    ConfigFields python = fields.object("python_package");
    return Optional.of(
        new PythonPackage(
            text(python, "name"),
            text(python, "version"),
            text(python, "file"),
            python.whole("bytes", Integer.MAX_VALUE),
            text(python, "sha256")));
  }
}

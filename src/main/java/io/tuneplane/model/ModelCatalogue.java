package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The base models that are known by name.
public final class ModelCatalogue {

  private final List<CatalogueEntry> entries;
  private final CatalogueEntry.LearningRates learningRates;
  private final Map<String, CatalogueEntry> byName = new HashMap<>();

  private ModelCatalogue(List<CatalogueEntry> entries, CatalogueEntry.LearningRates learningRates) {
    this.entries = List.copyOf(entries);
    this.learningRates = learningRates;
    for (CatalogueEntry entry : entries) {
      add(entry.id(), entry);
      add(entry.hubId(), entry);
      entry.aliases().forEach(alias -> add(alias, entry));
    }
  }

  private void add(String name, CatalogueEntry entry) {
    if (byName.put(name.toLowerCase(Locale.ROOT), entry) != null) {
      throw new ModelException("two models of the catalogue are called '%s'".formatted(name));
    }
  }

  /// The catalogue that comes with the product.
  public static ModelCatalogue shipped() {
    try (InputStream yaml = ModelCatalogue.class.getResourceAsStream("models.yaml")) {
      if (yaml == null) {
        throw new ModelException("models.yaml is missing from the product");
      }
      return parse(new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new ModelException("models.yaml can't be read: " + e.getMessage(), e);
    }
  }

  private static ModelCatalogue parse(JsonNode yaml) {
    CatalogueEntry.LearningRates rates = CatalogueReader.learningRates(yaml);
    List<CatalogueEntry> entries = new ArrayList<>();
    for (JsonNode model : yaml.path("models")) {
      entries.add(new CatalogueReader(model, rates).entry());
    }
    return new ModelCatalogue(entries, rates);
  }

  /// Every model, in the order of the file.
  public List<CatalogueEntry> entries() {
    return entries;
  }

  /// The model of that id, hub id or alias; letter case does not matter.
  public Optional<CatalogueEntry> find(String name) {
    return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
  }

  /// What a name means.
  ///
  /// @throws ModelException if it is neither in the catalogue, nor a hub id, nor a path
  public ModelName name(String name) {
    if (ModelName.isPath(name)) {
      return ModelName.path(name);
    }
    Optional<CatalogueEntry> entry = find(name);
    if (entry.isPresent()) {
      return new ModelName.Known(entry.get());
    }
    if (ModelName.HUB_ID.matcher(name).matches()) {
      return new ModelName.OnHub(name);
    }
    throw new ModelException(
        ("There is no base model '%s'. Known are %s; any other is named by its hub id"
                + " (organisation/name) or its path (with ./ in front)")
            .formatted(
                name, entries.stream().map(CatalogueEntry::id).collect(Collectors.joining(", "))));
  }

  /// The rates to start from for a model, known or not.
  public CatalogueEntry.LearningRates learningRates(String name) {
    return find(name).map(CatalogueEntry::learningRates).orElse(learningRates);
  }
}

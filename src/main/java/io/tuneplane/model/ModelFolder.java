package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// The files of a model in Hugging Face's layout.
///
/// @param path the folder
record ModelFolder(Path path) {

  private static final long MAX_BYTES = 16 << 20;
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  /// Opens the folder: reads the configuration and the headers of the weights.
  BaseModel open(FileDigests digests) {
    ModelConfig config = HfConfig.read(path);
    WeightFiles files = new WeightFiles(weightFiles(), digests);
    Weights weights = weights();
    boolean opened = false;
    try {
      ModelLayout.check(config, weights, path.toString());
      OpenModel model =
          new OpenModel(path, config, weights, files, this::tokenizer, this::template);
      opened = true;
      return model;
    } finally {
      if (!opened) {
        weights.close();
      }
    }
  }

  private Weights weights() {
    return Files.isRegularFile(path.resolve(SINGLE))
        ? SafetensorsFile.open(path.resolve(SINGLE))
        : ShardedWeights.open(path.resolve(INDEX));
  }

  private SequencedMap<String, Path> weightFiles() {
    SequencedMap<String, Path> files = new LinkedHashMap<>();
    if (Files.isRegularFile(path.resolve(SINGLE))) {
      files.put(SINGLE, path.resolve(SINGLE));
    } else if (Files.isRegularFile(path.resolve(INDEX))) {
      ShardedWeights.files(path.resolve(INDEX))
          .forEach(f -> files.put(f.getFileName().toString(), f));
    } else {
      throw noWeights();
    }
    return files;
  }

  private ModelException noWeights() {
    try (Stream<Path> files = Files.list(path)) {
      return new ModelException(
          files.anyMatch(Models::isPickle)
              ? path
                  + ": only safetensors and GGUF are read, since .bin and .pt files can carry"
                  + " code; convert the model to safetensors"
              : path + " has neither model.safetensors nor " + INDEX);
    } catch (IOException e) {
      return new ModelException("%s can't be read: %s".formatted(path, e), e);
    }
  }

  private Tokenizer tokenizer() {
    Path file = path.resolve("tokenizer.json");
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          path + " has no tokenizer.json; other tokenizer files (tokenizer.model) are not read");
    }
    return new BpeTokenizer(TokenizerJson.read(file), file.toString());
  }

  private ChatTemplate template() {
    return ChatTemplates.parse(templateSource(), specialTokens());
  }

  private String templateSource() {
    Path jinja = path.resolve("chat_template.jinja");
    if (Files.isRegularFile(jinja)) {
      return text(jinja);
    }
    return templateIn(settings("tokenizer_config.json").path("chat_template"))
        .orElseThrow(
            () -> new ModelException(path + " has no chat template: it is not a chat model"));
  }

  /// A text, or a list of named templates of which `default` is meant.
  private static Optional<String> templateIn(JsonNode node) {
    if (node.isTextual()) {
      return Optional.of(node.asText());
    }
    for (JsonNode named : node) {
      if (named.path("name").asText().equals("default") && named.path("template").isTextual()) {
        return Optional.of(named.path("template").asText());
      }
    }
    return Optional.empty();
  }

  private SpecialTokens specialTokens() {
    List<ObjectNode> places =
        List.of(settings("tokenizer_config.json"), settings("special_tokens_map.json"));
    return new SpecialTokens(
        token(places, "bos_token"),
        token(places, "eos_token"),
        token(places, "pad_token"),
        token(places, "unk_token"));
  }

  /// A text, or an object with the text as its content.
  private static Optional<String> token(List<ObjectNode> places, String key) {
    return places.stream()
        .map(p -> p.path(key))
        .map(n -> n.isObject() ? n.path("content") : n)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .findFirst();
  }

  private ObjectNode settings(String name) {
    Path file = path.resolve(name);
    return Files.isRegularFile(file)
        ? ModelJson.object(file, MAX_BYTES)
        : ModelJson.MAPPER.createObjectNode();
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelException(file + " is too large for a chat template");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(file, e), e);
    }
  }
}

package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// What a model in the cache consists of. Its file is written last, so a folder that has it is
/// whole.
///
/// @param main the file to open, or empty for the folder itself
/// @param source where it came from, in words
/// @param revision the commit or version of the source
/// @param files every file's SHA-256
record StoredModel(
    Optional<String> main, String source, String revision, SequencedMap<String, String> files) {

  private static final String FILE = "tuneplane-model.json";
  private static final long MAX_BYTES = 1 << 20;

  /// The model in a folder of the cache, if a whole one is there.
  static Optional<StoredModel> in(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    ObjectNode json = ModelJson.object(file, MAX_BYTES);
    SequencedMap<String, String> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : json.path("files").properties()) {
      files.put(entry.getKey(), entry.getValue().asText());
    }
    StoredModel model =
        new StoredModel(
            new ConfigFields(json, file.toString()).text("main"),
            json.path("source").asText(),
            json.path("revision").asText(),
            files);
    boolean whole = files.keySet().stream().allMatch(f -> Files.isRegularFile(folder.resolve(f)));
    return whole ? Optional.of(model) : Optional.empty();
  }

  void writeTo(Path folder) throws IOException {
    ObjectNode json = ModelJson.MAPPER.createObjectNode();
    main.ifPresent(m -> json.put("main", m));
    json.put("source", source).put("revision", revision);
    files.forEach(json.putObject("files")::put);
    Files.writeString(folder.resolve(FILE), json.toPrettyString() + "\n");
  }

  /// What to open.
  Path path(Path folder) {
    return main.map(folder::resolve).orElse(folder);
  }

  /// @throws ModelException if a weight file is not what was fetched
  void verify(Path folder, FileDigests digests) {
    files.forEach((name, sha256) -> {
      boolean weights = name.endsWith(".safetensors") || name.endsWith(".gguf");
      if (weights && !digests.of(folder.resolve(name)).equals(sha256)) {
        throw new ModelException(
            "%s is not what was fetched from %s; delete %s, and it is fetched again"
                .formatted(folder.resolve(name), source, folder));
      }
    });
  }
}

package io.tuneplane.runner.serve.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads the small JSON files of an adapter's folder.
final class AdapterJson {

  private static final long MAX_BYTES = 1 << 20;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private AdapterJson() {}

  /// @throws AdapterException if there is no such file, or it is not a JSON object of at most a
  ///   megabyte
  static JsonNode read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw AdapterException.missing("No adapter found: there is no " + file);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw AdapterException.refused(file + " is larger than a megabyte");
      }
      JsonNode json = MAPPER.readTree(file.toFile());
      if (!json.isObject()) {
        throw AdapterException.refused(file + " is not a JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw AdapterException.refused("%s is not JSON: %s".formatted(file, e.getOriginalMessage()));
    } catch (IOException e) {
      throw AdapterException.refused("%s can't be read: %s".formatted(file, e));
    }
  }

  static Optional<String> text(JsonNode json, String field) {
    return Optional.ofNullable(json.get(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }
}

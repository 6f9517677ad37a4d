package io.tuneplane.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads the JSON files of a model: bounded in size and depth, duplicate keys refused.
final class ModelJson {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ModelJson() {}

  /// The object in a file.
  ///
  /// @throws ModelException if the file can't be read, is larger than allowed, or is no JSON object
  static ObjectNode object(Path file, long maxBytes) {
    try {
      long size = Files.size(file);
      if (size > maxBytes) {
        throw new ModelException(
            "%s has %d bytes; at most %d are read".formatted(file, size, maxBytes));
      }
      return object(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(file, e), e);
    }
  }

  /// The object in these bytes; `source` names them in errors.
  static ObjectNode object(byte[] bytes, String source) {
    JsonNode node;
    try {
      node = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new ModelException(
          "%s is not valid JSON: %s".formatted(source, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(source, e), e);
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new ModelException(source + " must hold a JSON object");
  }
}

package io.tuneplane.backend.remote;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.remote.RefusedException.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How files of a run and bodies of runners are read: snake case, nothing doubled.
final class RemoteJson {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RemoteJson() {}

  /// What a runner sent, as an object.
  ///
  /// @throws RefusedException if it is none
  static ObjectNode sent(byte[] bytes, int from, int length, String what) {
    try {
      if (MAPPER.readTree(bytes, from, length) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      // Jackson's words quote what was sent; said below without.
    }
    throw RefusedException.of(Why.INVALID, what + " is no JSON object");
  }

  /// A file of ours, as an object.
  static ObjectNode file(Path file) throws IOException {
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      if (json instanceof ObjectNode object) {
        return object;
      }
      throw new IOException(file + " holds no JSON object");
    } catch (JacksonException e) {
      throw new IOException(file + " is not JSON", e);
    }
  }
}

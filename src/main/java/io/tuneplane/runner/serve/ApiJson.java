package io.tuneplane.runner.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Reads and writes the bodies of requests and answers.
final class ApiJson {

  /// The longest body of a request, in bytes.
  static final int MAX_BYTES = 1 << 20;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_LENGTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ApiJson() {}

  /// An empty object.
  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// @throws ApiException if it is not one JSON object
  static ObjectNode read(byte[] body) {
    try {
      if (MAPPER.readTree(body) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw ApiException.bad("The body is not JSON that is read here: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    throw ApiException.bad("The body is not a JSON object.");
  }

  static byte[] write(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of our own can be written", e);
    }
  }

  static ObjectNode error(ApiException error) {
    ObjectNode json = object();
    ObjectNode inner = json.putObject("error").put("message", error.getMessage());
    inner.put("type", error.type()).put("param", error.parameter().orElse(null));
    inner.put("code", error.status());
    return json;
  }
}

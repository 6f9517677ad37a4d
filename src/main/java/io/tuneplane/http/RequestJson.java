package io.tuneplane.http;

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

/// Reads what clients send: one JSON object, of bounded depth and with short numbers, no key twice,
/// nothing behind it.
final class RequestJson {

  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int MAX_NAME_LENGTH = 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxNameLength(MAX_NAME_LENGTH)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RequestJson() {}

  /// @throws Refusal if it is not such an object
  static ObjectNode read(byte[] body) {
    try {
      JsonNode json = MAPPER.readTree(body);
      if (json instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw Refusal.of(
          400,
          "invalid_json",
          "The body is not JSON that is read here%s: %s"
              .formatted(where(e), shown(e.getOriginalMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    throw Refusal.of(400, "invalid_json", "The body must be one JSON object.");
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  /// The parser's words, without what was sent: it may be a secret or a prompt.
  private static String shown(String words) {
    String first = words.replaceAll("(?s)'.*'|\".*\"", "...").replaceAll("\\p{Cntrl}", " ");
    return first.substring(0, Math.min(200, first.length()));
  }
}

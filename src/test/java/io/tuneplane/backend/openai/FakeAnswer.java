package io.tuneplane.backend.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer of a [FakeOpenAi], in OpenAI's shapes.
///
/// @param headers beyond the usual ones
record FakeAnswer(int status, String body, Map<String, String> headers) {

  static final JsonMapper JSON = JsonMapper.builder().build();

  static FakeAnswer ok(JsonNode body) {
    return new FakeAnswer(200, body.toString(), Map.of());
  }

  /// An error as OpenAI words it.
  static FakeAnswer error(int status, @Nullable String code, String message) {
    ObjectNode error = JSON.createObjectNode();
    error
        .putObject("error")
        .put("message", message)
        .put("type", status == 429 ? "rate_limit_error" : "invalid_request_error")
        .putNull("param")
        .put("code", code);
    return new FakeAnswer(status, error.toString(), Map.of());
  }

  static FakeAnswer text(int status, String body) {
    return new FakeAnswer(status, body, Map.of());
  }

  FakeAnswer with(String header, String value) {
    return new FakeAnswer(status, body, Map.of(header, value));
  }
}

package io.tuneplane.backend.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/// One request that reached a [FakeOpenAi], and what it answered.
///
/// @param method the HTTP method
/// @param path the path behind `/v1`
/// @param query the query's parameters, decoded
/// @param headers by lower-case name
/// @param body the JSON body; missing for none or another kind
/// @param status the answer's status; 0 where the answer was dropped
/// @param answer the answer's JSON
public record Exchange(
    String method,
    String path,
    Map<String, String> query,
    Map<String, List<String>> headers,
    JsonNode body,
    int status,
    JsonNode answer) {

  boolean is(String wantedMethod, String wantedPath) {
    return method.equals(wantedMethod) && path.matches(wantedPath);
  }

  String header(String name) {
    return headers.getOrDefault(name, List.of("")).getFirst();
  }
}

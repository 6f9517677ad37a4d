package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/// Log-probabilities of an answer's tokens, as OpenAI's chats have them.
public final class Logprobs {

  private Logprobs() {}

  /// The value of a choice's `logprobs`.
  public static ObjectNode write(List<TokenLogprob> tokens) {
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode content = json.putArray("content");
    for (TokenLogprob token : tokens) {
      ObjectNode entry = content.addObject();
      write(token, entry);
      ArrayNode top = entry.putArray("top_logprobs");
      token.top().forEach(other -> write(other, top.addObject()));
    }
    json.putNull("refusal");
    return json;
  }

  private static void write(TokenLogprob token, ObjectNode entry) {
    entry.put("token", token.token()).put("logprob", token.logprob());
    if (token.bytes().isEmpty()) {
      entry.putNull("bytes");
    } else {
      ArrayNode bytes = entry.putArray("bytes");
      token.bytes().forEach(bytes::add);
    }
  }

  /// Reads a choice's `logprobs`; none where it is absent or null.
  public static List<TokenLogprob> read(JsonNode logprobs) {
    List<TokenLogprob> tokens = new ArrayList<>();
    logprobs.path("content").forEach(entry -> tokens.add(token(entry)));
    return tokens;
  }

  private static TokenLogprob token(JsonNode entry) {
    List<Integer> bytes = new ArrayList<>();
    entry.path("bytes").forEach(b -> bytes.add(b.asInt()));
    List<TokenLogprob> top = new ArrayList<>();
    entry.path("top_logprobs").forEach(other -> top.add(token(other)));
    return new TokenLogprob(
        entry.path("token").asText(), entry.path("logprob").asDouble(), bytes, top);
  }
}

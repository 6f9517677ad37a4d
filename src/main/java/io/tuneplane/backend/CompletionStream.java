package io.tuneplane.backend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a streamed chat completion, as our runner and vLLM send it: server-sent events, each with
/// a piece, the last `[DONE]`. For one answer and one thread.
public final class CompletionStream {

  private static final String DATA = "data:";

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String place;
  private final ChatSink sink;
  private int pieces;
  private String finish = "";
  private @Nullable JsonNode usage;

  /// @param place who answers, for errors
  public CompletionStream(String place, ChatSink sink) {
    this.place = place;
    this.sink = sink;
  }

  /// Whether a piece has gone out already: from then on nothing can be tried again unseen.
  public boolean started() {
    return pieces > 0;
  }

  /// Hands on every piece. Leaves the rest unread when the sink has had enough; the server sees the
  /// closed connection and stops.
  ///
  /// @throws BackendException.Unavailable if the answer breaks off
  public ChatSummary read(InputStream body) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (sink.cancelled()) {
          return summary("cancelled");
        }
        String data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
        if (data.equals("[DONE]")) {
          return summary(finish);
        }
        if (!data.isEmpty()) {
          take(data);
        }
      }
    }
    throw broken("the answer broke off");
  }

  private void take(String data) {
    JsonNode chunk = parse(data);
    if (chunk.has("error")) {
      throw broken(chunk.path("error").path("message").asText());
    }
    JsonNode choice = chunk.path("choices").path(0);
    String text = choice.path("delta").path("content").asText("");
    List<TokenLogprob> tokens = tokens(choice.path("logprobs").path("content"));
    if (!tokens.isEmpty()) {
      pieces++;
      sink.text(text, tokens);
    } else if (!text.isEmpty()) {
      pieces++;
      sink.text(text);
    }
    finish = choice.path("finish_reason").asText(finish);
    if (chunk.path("usage").isObject()) {
      usage = chunk.path("usage");
    }
  }

  private static List<TokenLogprob> tokens(JsonNode content) {
    List<TokenLogprob> tokens = new ArrayList<>();
    for (JsonNode entry : content) {
      List<Integer> bytes = new ArrayList<>();
      entry.path("bytes").forEach(b -> bytes.add(b.asInt()));
      tokens.add(
          new TokenLogprob(
              entry.path("token").asText(),
              entry.path("logprob").asDouble(),
              bytes,
              tokens(entry.path("top_logprobs"))));
    }
    return tokens;
  }

  private JsonNode parse(String data) {
    try {
      return MAPPER.readTree(data);
    } catch (JsonProcessingException e) {
      throw new BackendException.Misunderstood(
          place, "chat", "a piece of the answer is not JSON", e);
    }
  }

  private ChatSummary summary(String reason) {
    if (reason.equals("abort")) {
      throw broken("the server ended while it answered");
    }
    if (usage == null) {
      return new ChatSummary(reason, 0, pieces, 0);
    }
    return new ChatSummary(
        reason,
        usage.path("prompt_tokens").asInt(),
        usage.path("completion_tokens").asInt(),
        usage.path("prompt_tokens_details").path("cached_tokens").asInt());
  }

  private BackendException broken(String words) {
    return new BackendException.Unavailable(place, "chat", words);
  }
}

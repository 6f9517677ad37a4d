package io.tuneplane.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.Json;
import io.tuneplane.api.Logprobs;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.TokenLogprob;
import java.util.List;
import java.util.Optional;

/// One answer of a model in OpenAI's JSON.
///
/// @param id the answer's
/// @param created in seconds since 1970
/// @param model as the request named it
/// @param withUsage whether the chunks of a stream have a field for what was used
record CompletionJson(String id, long created, String model, boolean withUsage) {

  private static final String CHUNK = "chat.completion.chunk";

  /// A whole answer.
  ///
  /// @param tokens its tokens, where log-probabilities were asked for
  ObjectNode completion(String text, Optional<List<TokenLogprob>> tokens, ChatSummary summary) {
    ObjectNode json = start("chat.completion");
    ObjectNode choice = choice(json);
    choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
    choice.set("logprobs", tokens.map(Logprobs::write).orElse(null));
    choice.put("finish_reason", finish(summary));
    json.set("usage", usage(summary));
    return json;
  }

  /// The first event of a stream.
  ObjectNode opening() {
    ObjectNode json = start(CHUNK);
    ObjectNode choice = choice(json);
    choice.putObject("delta").put("role", "assistant").put("content", "");
    choice.putNull("logprobs").putNull("finish_reason");
    return chunk(json);
  }

  /// An event with text, and its tokens where log-probabilities were asked for.
  ObjectNode delta(ChatPiece piece) {
    ObjectNode json = start(CHUNK);
    ObjectNode choice = choice(json);
    choice.putObject("delta").put("content", piece.text());
    choice.set("logprobs", piece.tokens().isEmpty() ? null : Logprobs.write(piece.tokens()));
    choice.putNull("finish_reason");
    return chunk(json);
  }

  /// The event that says why the answer ended.
  ObjectNode closing(ChatSummary summary) {
    ObjectNode json = start(CHUNK);
    ObjectNode choice = choice(json);
    choice.putObject("delta");
    choice.putNull("logprobs").put("finish_reason", finish(summary));
    return chunk(json);
  }

  /// The event with what was used, which has no choices.
  ObjectNode usageOnly(ChatSummary summary) {
    ObjectNode json = start(CHUNK);
    json.putArray("choices");
    json.set("usage", usage(summary));
    return json;
  }

  private ObjectNode chunk(ObjectNode json) {
    return withUsage ? json.putNull("usage") : json;
  }

  private ObjectNode start(String object) {
    return Json.mapper()
        .createObjectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }

  private static ObjectNode choice(ObjectNode json) {
    return json.putArray("choices").addObject().put("index", 0);
  }

  private static String finish(ChatSummary summary) {
    return summary.finishReason().equals("length") ? "length" : "stop";
  }

  private static ObjectNode usage(ChatSummary summary) {
    ObjectNode usage =
        Json.mapper()
            .createObjectNode()
            .put("prompt_tokens", summary.promptTokens())
            .put("completion_tokens", summary.completionTokens())
            .put("total_tokens", summary.promptTokens() + summary.completionTokens());
    usage.putObject("prompt_tokens_details").put("cached_tokens", summary.cachedTokens());
    return usage;
  }
}

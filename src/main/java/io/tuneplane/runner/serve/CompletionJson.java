package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.model.Tokenizer;
import io.tuneplane.runner.serve.engine.FinishReason;
import io.tuneplane.runner.serve.engine.Piece;
import io.tuneplane.runner.serve.engine.TokenLogprob;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// One answer in OpenAI's JSON.
///
/// @param id the answer's
/// @param created in seconds since 1970
/// @param model as the request named it
record CompletionJson(String id, long created, String model, Tokenizer tokenizer) {

  /// A whole answer.
  ///
  /// @param logprobs empty where none were asked for
  ObjectNode completion(
      String text, java.util.Optional<List<TokenLogprob>> logprobs, Piece.End end) {
    ObjectNode json = start("chat.completion");
    ObjectNode choice = choice(json);
    choice.putObject("message").put("role", "assistant").put("content", text);
    logprobs.ifPresentOrElse(
        l -> choice.set("logprobs", logprobs(l)), () -> choice.putNull("logprobs"));
    choice.put("finish_reason", finish(end.reason()));
    json.set("usage", usage(end));
    return json;
  }

  /// The first event of a stream.
  ObjectNode opening() {
    ObjectNode json = start("chat.completion.chunk");
    ObjectNode choice = choice(json);
    choice.putObject("delta").put("role", "assistant").put("content", "");
    choice.putNull("logprobs").putNull("finish_reason");
    return json;
  }

  /// An event with text.
  ObjectNode delta(Piece.Text piece) {
    ObjectNode json = start("chat.completion.chunk");
    ObjectNode choice = choice(json);
    choice.putObject("delta").put("content", piece.text());
    if (piece.logprobs().isEmpty()) {
      choice.putNull("logprobs");
    } else {
      choice.set("logprobs", logprobs(piece.logprobs()));
    }
    choice.putNull("finish_reason");
    return json;
  }

  /// The event that says why the answer ended.
  ObjectNode closing(Piece.End end) {
    ObjectNode json = start("chat.completion.chunk");
    ObjectNode choice = choice(json);
    choice.putObject("delta");
    choice.putNull("logprobs").put("finish_reason", finish(end.reason()));
    return json;
  }

  /// The event with the usage, which has no choices.
  ObjectNode usageOnly(Piece.End end) {
    ObjectNode json = start("chat.completion.chunk");
    json.putArray("choices");
    json.set("usage", usage(end));
    return json;
  }

  private ObjectNode start(String object) {
    return ApiJson.object()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }

  private static ObjectNode choice(ObjectNode json) {
    return json.putArray("choices").addObject().put("index", 0);
  }

  private static String finish(FinishReason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode usage(Piece.End end) {
    ObjectNode usage =
        ApiJson.object()
            .put("prompt_tokens", end.promptTokens())
            .put("completion_tokens", end.completionTokens())
            .put("total_tokens", end.promptTokens() + end.completionTokens());
    usage.putObject("prompt_tokens_details").put("cached_tokens", end.cachedTokens());
    return usage;
  }

  private ObjectNode logprobs(List<TokenLogprob> tokens) {
    ObjectNode json = ApiJson.object();
    ArrayNode content = json.putArray("content");
    for (TokenLogprob token : tokens) {
      ObjectNode entry = content.addObject();
      put(entry, token.token(), token.logprob());
      ArrayNode top = entry.putArray("top_logprobs");
      token.alternatives().forEach(a -> put(top.addObject(), a.token(), a.logprob()));
    }
    return json;
  }

  private void put(ObjectNode entry, int token, double logprob) {
    String text = tokenizer.decode(new int[] {token});
    entry.put("token", text).put("logprob", logprob);
    ArrayNode bytes = entry.putArray("bytes");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xff);
    }
  }
}

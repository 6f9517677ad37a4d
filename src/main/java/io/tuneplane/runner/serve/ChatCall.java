package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.dataset.Message;
import io.tuneplane.runner.serve.engine.Sampling;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/// A chat request, read and checked.
///
/// @param maxTokens most tokens of the answer; empty for as many as fit
/// @param topLogprobs how many alternatives to report; empty for no log-probabilities
record ChatCall(
    String model,
    List<Message> messages,
    List<JsonNode> tools,
    OptionalInt maxTokens,
    Sampling sampling,
    List<String> stop,
    boolean ignoreEnd,
    OptionalInt topLogprobs,
    boolean stream,
    boolean includeUsage) {

  private static final int MOST_STOPS = 16;
  private static final int LONGEST_STOP = 256;
  private static final int MOST_TOOLS = 128;
  private static final int MOST_ALTERNATIVES = 20;
  private static final double SMALLEST_TOP_P = 1e-6;

  /// @param maxContext the most tokens that can be asked for
  /// @param seeds gives the seed where the request has none
  static ChatCall read(RequestFields body, int maxContext, RandomGenerator seeds) {
    body.integer("n", 1, 1);
    String limit = body.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    return new ChatCall(
        body.requiredText("model"),
        ChatMessages.read(body),
        body.list("tools", MOST_TOOLS),
        body.integer(limit, 1, maxContext),
        new Sampling(
            body.number("temperature", 0, 2).orElse(1),
            body.number("top_p", SMALLEST_TOP_P, 1).orElse(1),
            body.integer64("seed").orElseGet(seeds::nextLong)),
        stops(body),
        body.flag("ignore_eos"),
        topLogprobs(body),
        body.flag("stream"),
        body.object("stream_options").flag("include_usage"));
  }

  private static List<String> stops(RequestFields body) {
    if (body.isText("stop")) {
      return List.of(stop(body.requiredText("stop")));
    }
    return body.list("stop", MOST_STOPS).stream()
        .map(node -> {
          if (!node.isTextual()) {
            throw ApiException.bad("stop", "'stop' must be texts.");
          }
          return stop(node.asText());
        })
        .toList();
  }

  private static String stop(String text) {
    if (text.isEmpty() || text.length() > LONGEST_STOP) {
      throw ApiException.bad(
          "stop", "A stop text must have 1 to %d characters.".formatted(LONGEST_STOP));
    }
    return text;
  }

  private static OptionalInt topLogprobs(RequestFields body) {
    OptionalInt alternatives = body.integer("top_logprobs", 0, MOST_ALTERNATIVES);
    if (!body.flag("logprobs")) {
      if (alternatives.orElse(0) > 0) {
        throw ApiException.bad("top_logprobs", "'top_logprobs' needs 'logprobs'.");
      }
      return OptionalInt.empty();
    }
    return OptionalInt.of(alternatives.orElse(0));
  }
}

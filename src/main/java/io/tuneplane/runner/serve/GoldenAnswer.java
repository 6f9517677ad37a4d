package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// An answer that the trainer's model gave, with its log-probabilities.
///
/// @param prompt the tokens before the answer
/// @param tokens the answer's
/// @param logprobs each token's, at temperature 1, in fp32
@SuppressWarnings("ArrayRecordComponent") // read once
record GoldenAnswer(int[] prompt, int[] tokens, double[] logprobs) {

  private static final int MOST_TOKENS = 1 << 20;

  /// @param vocabulary the number of tokens that there are
  /// @throws ApiException if it is not a golden answer for such a model
  static GoldenAnswer read(JsonNode json, int vocabulary) {
    RequestFields fields = new RequestFields(json);
    int[] prompt = tokens(fields, "prompt_tokens", vocabulary);
    int[] tokens = tokens(fields, "tokens", vocabulary);
    List<JsonNode> logprobs = fields.list("logprobs", MOST_TOKENS);
    if (logprobs.size() != tokens.length) {
      throw ApiException.bad(
          "logprobs",
          "%d tokens have %d log-probabilities.".formatted(tokens.length, logprobs.size()));
    }
    return new GoldenAnswer(
        prompt, tokens, logprobs.stream().mapToDouble(GoldenAnswer::logprob).toArray());
  }

  private static int[] tokens(RequestFields fields, String name, int vocabulary) {
    List<JsonNode> nodes = fields.list(name, MOST_TOKENS);
    if (nodes.isEmpty()) {
      throw ApiException.bad(name, "'%s' is missing or empty.".formatted(name));
    }
    return nodes.stream().mapToInt(n -> token(n, name, vocabulary)).toArray();
  }

  private static int token(JsonNode node, String name, int vocabulary) {
    if (!node.isInt() || node.intValue() < 0 || node.intValue() >= vocabulary) {
      throw ApiException.bad(
          name, "'%s' must be ids of this model's %d tokens.".formatted(name, vocabulary));
    }
    return node.intValue();
  }

  private static double logprob(JsonNode node) {
    // A trainer's rounding may leave a certain token at a hair above 0.
    if (!node.isNumber() || !(node.doubleValue() <= 1e-3)) {
      throw ApiException.bad("logprobs", "'logprobs' must be numbers of at most 0.");
    }
    return node.doubleValue();
  }
}

package io.tuneplane.backend;

import io.tuneplane.dataset.Message;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A request for one answer, in the terms of OpenAI's chat completions.
///
/// @param messages the conversation, oldest first
/// @param maxTokens most tokens of the answer; empty for as many as the context holds
/// @param temperature 0 is greedy; empty for 1
/// @param topP nucleus sampling; empty for 1
/// @param seed makes sampling repeatable
/// @param stop texts at which the answer ends, themselves left out
/// @param topLogprobs how many alternatives to report per token; empty for no log-probabilities
public record ChatRequest(
    List<Message> messages,
    OptionalInt maxTokens,
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalLong seed,
    List<String> stop,
    OptionalInt topLogprobs) {

  public ChatRequest {
    messages = List.copyOf(messages);
    stop = List.copyOf(stop);
  }

  /// A greedy request with a bound on its length.
  public static ChatRequest greedy(List<Message> messages, int maxTokens) {
    return new ChatRequest(
        messages,
        OptionalInt.of(maxTokens),
        OptionalDouble.of(0),
        OptionalDouble.empty(),
        OptionalLong.empty(),
        List.of(),
        OptionalInt.empty());
  }
}

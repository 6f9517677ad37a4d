package io.tuneplane.runner.serve.engine;

import java.util.List;

/// A part of an answer, as it is made.
public sealed interface Piece {

  /// Whole characters that follow what came before, and the tokens since then.
  record Text(String text, List<TokenLogprob> logprobs) implements Piece {
    public Text {
      logprobs = List.copyOf(logprobs);
    }
  }

  /// The last piece of an answer.
  ///
  /// @param cachedTokens prompt tokens that did not have to be computed
  record End(FinishReason reason, int promptTokens, int completionTokens, int cachedTokens)
      implements Piece {}

  /// The last piece where the engine failed.
  record Broken(String message) implements Piece {}
}

package io.tuneplane.dataset;

/// Counts the tokens of an example for one model. Safe for many threads.
public interface TokenCounter {

  /// What it counts with, for reports: `o200k_base`, a model's name, or `estimate`.
  String tokenizer();

  /// Counts a valid example.
  ///
  /// @throws EncodingException if the example can't be encoded
  /// @throws io.tuneplane.model.TemplateException if the chat template refuses it
  Count count(Example example);

  /// The special token text that a message holds, if this tokenizer would read it as one.
  default boolean holdsSpecialTokens(Example example) {
    return false;
  }

  /// What was counted.
  ///
  /// @param tokens all tokens before anything is cut off; for a pair, the prompt once and both
  ///   answers
  /// @param truncated whether the example is longer than the model's context
  /// @param trainable whether something is left to learn once it is cut
  record Count(int tokens, boolean truncated, boolean trainable) {}
}

package io.tuneplane.dataset;

/// A preference pair as the trainer sees it. Both sides begin with the same prompt tokens.
///
/// @param preferred the prompt and the better answer; only the answer is learnt
/// @param nonPreferred the prompt and the worse answer; only the answer is marked
/// @param promptTokens how many tokens both sides share, before anything is cut off
public record EncodedPair(Encoded preferred, Encoded nonPreferred, int promptTokens) {

  /// Whether tokens of either side were cut off.
  public boolean truncated() {
    return preferred.truncated() || nonPreferred.truncated();
  }
}

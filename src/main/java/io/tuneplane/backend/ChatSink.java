package io.tuneplane.backend;

import java.util.List;

/// Takes the pieces of an answer as they are made. Called from one thread at a time.
public interface ChatSink {

  /// A piece of the answer's text, never empty.
  void text(String piece);

  /// A piece with its tokens, from a place that was asked for log-probabilities and has them. Where
  /// the tokens are no whole character yet, the text is empty.
  default void text(String piece, List<TokenLogprob> tokens) {
    if (!piece.isEmpty()) {
      text(piece);
    }
  }

  /// Whether nobody wants the rest any more. A place that waits for its next piece may ask from
  /// another thread.
  default boolean cancelled() {
    return false;
  }
}

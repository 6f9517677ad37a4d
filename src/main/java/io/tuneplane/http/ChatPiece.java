package io.tuneplane.http;

import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.TokenLogprob;
import java.util.List;

/// A piece of an answer.
///
/// @param text may be empty where there are tokens: one alone may be no whole character
/// @param tokens its tokens, where log-probabilities were asked for
record ChatPiece(String text, List<TokenLogprob> tokens) {

  /// Hands a model's pieces on.
  static ChatSink into(Relay.Sink<ChatPiece> sink) {
    return new ChatSink() {
      @Override
      public void text(String piece) {
        sink.piece(new ChatPiece(piece, List.of()));
      }

      @Override
      public void text(String piece, List<TokenLogprob> tokens) {
        sink.piece(new ChatPiece(piece, tokens));
      }

      @Override
      public boolean cancelled() {
        return sink.closed();
      }
    };
  }
}

package io.tuneplane.backend;

/// Takes the pieces of an answer as they are made. Called from one thread at a time.
public interface ChatSink {

  /// A piece of the answer's text, never empty.
  void text(String piece);

  /// Whether nobody wants the rest any more. A place that waits for its next piece may ask from
  /// another thread.
  default boolean cancelled() {
    return false;
  }
}

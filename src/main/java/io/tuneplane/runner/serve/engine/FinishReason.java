package io.tuneplane.runner.serve.engine;

/// Why an answer ended.
public enum FinishReason {
  /// The model ended it, or a stop text came.
  STOP,
  /// It reached its longest length.
  LENGTH,
  /// The client left or the server ended.
  ABORT
}

package io.tuneplane.runner.serve.engine;

/// How requests share the engine.
///
/// @param queue requests that may wait
/// @param chunk tokens of a prompt that are read between two steps of the others
public record EngineSettings(int queue, int chunk) {

  /// 64 waiting requests, 64 tokens at a time.
  public static final EngineSettings DEFAULT = new EngineSettings(64, 64);
}

package io.tuneplane.runner.serve.engine;

/// How tokens are chosen.
///
/// @param temperature 0 takes the likeliest token; from 0 to 2 otherwise
/// @param topP draws from the likeliest tokens that together have this probability; over 0, at most
///   1
/// @param seed the same seed and prompt give the same draws, whatever else is in the batch
public record Sampling(double temperature, double topP, long seed) {

  /// Always the likeliest token.
  public static final Sampling GREEDY = new Sampling(0, 1, 0);

  boolean greedy() {
    return temperature == 0;
  }
}

package io.tuneplane.runner.serve.engine;

/// What the model makes of a given answer.
///
/// @param logprobs the log-probability of each token at temperature 1, all before it given
/// @param greedy the likeliest token at each place
@SuppressWarnings("ArrayRecordComponent") // read once
public record Score(double[] logprobs, int[] greedy) {}

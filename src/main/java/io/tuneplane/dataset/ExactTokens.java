package io.tuneplane.dataset;

/// Tokens of the valid examples, counted by a tokenizer. See [TokenSummary] for the figures.
///
/// @param mean the mean of an example
/// @param median the median of an example
/// @param p95 the 95th percentile of an example
/// @param max the longest example
/// @param total the sum over all examples
/// @param tokenizer which tokenizer counted: `o200k_base`, a model's name, or `estimate` where the
///   model's tokenizer is not public
public record ExactTokens(
    long mean, long median, long p95, long max, long total, String tokenizer) {}

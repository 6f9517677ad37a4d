package io.tuneplane.dataset;

/// Tokens of the valid examples. Mean and percentiles are NumPy's (linear interpolation), truncated
/// to integers; all 0 where no example is valid.
///
/// @param mean the mean of an example
/// @param median the median of an example
/// @param p95 the 95th percentile of an example
/// @param max the longest example
/// @param total the sum over all examples
public record TokenSummary(long mean, long median, long p95, long max, long total) {}

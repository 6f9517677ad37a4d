package io.tuneplane.job;

import java.math.BigDecimal;
import java.util.Optional;

/// What a job needs, or needed.
///
/// @param tokens tokens that pass through the model, all epochs
/// @param hours hours at work; empty where unknown
/// @param usd US dollars with two decimals; empty where unknown, which is not zero
public record JobCost(long tokens, Optional<BigDecimal> hours, Optional<String> usd) {}

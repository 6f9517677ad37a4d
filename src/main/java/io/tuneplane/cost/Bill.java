package io.tuneplane.cost;

import java.math.BigDecimal;
import java.util.Optional;

/// The amounts of an option. Each is empty where a number that it needs is unknown, or where
/// serving is left out ([CostOption#notes] says which).
///
/// @param trainingTokens tokens that are trained on, epochs counted
/// @param training the tuning job
/// @param monthly serving in the first month
/// @param annual training and twelve months of serving; training alone where serving is left out
/// @param total the same over the horizon; ranks the options
/// @param hours from the start of the tuning job to its result
public record Bill(
    BigDecimal trainingTokens,
    Optional<Money> training,
    Optional<Money> monthly,
    Optional<Money> annual,
    Optional<Money> total,
    Optional<BigDecimal> hours) {}

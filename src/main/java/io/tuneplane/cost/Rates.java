package io.tuneplane.cost;

import java.math.BigDecimal;
import java.util.Optional;

/// An offer at one scenario: what tuning costs, and what serving costs by volume.
///
/// @param training the tuning job; empty where a number is unknown
/// @param hours to the tuning job's end, where known
/// @param serving empty where there is no workload or a number is unknown
record Rates(Optional<Money> training, Optional<BigDecimal> hours, Optional<MonthlyCost> serving) {}

package io.tuneplane.cost;

import java.math.BigDecimal;
import java.util.Optional;

/// How an option's total spreads when the uncertain numbers are drawn at random.
///
/// @param p10 one draw in ten is below
/// @param p50 half of them are
/// @param p90 nine in ten are
/// @param cheapest the share of draws in which this option was the cheapest, 0 to 1
/// @param movesMost the uncertain number that moves the total most when it goes from its low to its
///   high end alone; empty where none moves it
public record Outlook(
    Money p10, Money p50, Money p90, BigDecimal cheapest, Optional<Factor> movesMost) {}

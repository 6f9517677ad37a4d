package io.tuneplane.cost;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/// A line of the price book that an answer rests on.
///
/// @param item the line's path in the book
/// @param value the number used; empty where it is unknown
/// @param source where it comes from
/// @param readOn when it was read there
/// @param stale whether that is longer ago than the book allows
public record PriceUse(
    String item, Optional<BigDecimal> value, String source, LocalDate readOn, boolean stale) {}

package io.tuneplane.cost;

import java.time.YearMonth;
import java.util.Optional;

/// A volume at which the cheaper of a managed and an own option changes.
///
/// @param from the option that is cheaper just below it
/// @param to the option that is cheaper from it on
/// @param requestsPerMonth the smallest whole number of requests a month at which that holds
/// @param basis what was compared, as a sentence
/// @param reachedIn the first month in which the growing workload has got there, if it does within
///   ten years and before the managed model stops; empty too where it starts beyond
/// @param paybackMonths how many months the saving takes to pay for the move, where it does before
///   the horizon or the model ends; only on the way from managed to own
public record Breakeven(
    Offer from,
    Offer to,
    long requestsPerMonth,
    String basis,
    Optional<YearMonth> reachedIn,
    Optional<Integer> paybackMonths) {}

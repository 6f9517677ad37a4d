package io.tuneplane.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A place, as it is now.
///
/// @param name the backend's name
/// @param provider who runs it; `self` for the operator
/// @param location `on_prem`, `rented` or `third_party`: flagged data stays on the first
/// @param region where it is, where it has a region
/// @param state `ready`, `needs_setup`, `unverified` or `closed`
/// @param detail what to do first, or the provider's words
/// @param methods what it trains with
/// @param models the base models it tunes; empty for any open-weight model of `architectures`
/// @param architectures what it can train where `models` is empty; empty for any
/// @param limits its bounds on a data set, by name
/// @param weightsAvailable whether the tuned weights can be taken away
/// @param facts end dates and the prices' age, from the price book
public record BackendCard(
    String name,
    String provider,
    String location,
    Optional<String> region,
    String state,
    Optional<String> detail,
    List<String> methods,
    List<String> models,
    List<String> architectures,
    Map<String, Long> limits,
    boolean weightsAvailable,
    BackendFacts facts) {}

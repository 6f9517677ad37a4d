package io.tuneplane.cost;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Options side by side.
///
/// @param options cheapest total first, then those whose total is unknown
/// @param breakevens for every pair of a managed and an own option, lowest volume first
/// @param outlooks by [Offer#id]; empty where nothing is uncertain
/// @param leftOut offers that are not priced, and why, as sentences
public record Comparison(
    List<CostOption> options,
    List<Breakeven> breakevens,
    Map<String, Outlook> outlooks,
    List<String> leftOut) {

  public Comparison {
    options = List.copyOf(options);
    breakevens = List.copyOf(breakevens);
    outlooks = Collections.unmodifiableMap(new LinkedHashMap<>(outlooks));
    leftOut = List.copyOf(leftOut);
  }
}

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
/// @param curves serving cost over volume, for every offer whose serving cost is known; empty
///   without a workload
/// @param leftOut offers that are not priced, and why, as sentences
public record Comparison(
    List<CostOption> options,
    List<Breakeven> breakevens,
    Map<String, Outlook> outlooks,
    List<Curve> curves,
    List<String> leftOut) {

  public Comparison {
    options = List.copyOf(options);
    breakevens = List.copyOf(breakevens);
    outlooks = Collections.unmodifiableMap(new LinkedHashMap<>(outlooks));
    curves = List.copyOf(curves);
    leftOut = List.copyOf(leftOut);
  }
}

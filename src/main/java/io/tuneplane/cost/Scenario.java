package io.tuneplane.cost;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One value for every factor: the most likely ones, or ones drawn at random.
final class Scenario {

  private final Map<Factor, PriceLine> lines;
  private final Map<Factor, BigDecimal> values;

  private Scenario(Map<Factor, PriceLine> lines, Map<Factor, BigDecimal> values) {
    this.lines = lines;
    this.values = values;
  }

  /// What is known of every factor: the workload's numbers, and the book's assumptions. Without a
  /// workload, its factors are missing.
  static Map<Factor, Range> ranges(PriceBook book, Optional<Workload> workload) {
    Map<Factor, Range> ranges = new EnumMap<>(Factor.class);
    book.assumptions()
        .forEach((factor, line) -> line.range().ifPresent(r -> ranges.put(factor, r)));
    workload.ifPresent(load -> {
      ranges.put(Factor.MONTHLY_REQUESTS, load.monthlyRequests());
      ranges.put(Factor.INPUT_TOKENS, load.inputTokens());
      ranges.put(Factor.OUTPUT_TOKENS, load.outputTokens());
      ranges.put(Factor.GROWTH_PER_MONTH, load.growthPerMonth());
      load.peakToMean().ifPresent(peak -> ranges.put(Factor.PEAK_TO_MEAN, peak));
    });
    return ranges;
  }

  /// The scenario in which every factor has the value picked from its range.
  static Scenario of(PriceBook book, Map<Factor, Range> ranges, Function<Range, BigDecimal> pick) {
    Map<Factor, BigDecimal> values = new EnumMap<>(Factor.class);
    ranges.forEach((factor, range) -> values.put(factor, pick.apply(range)));
    return new Scenario(book.assumptions(), values);
  }

  /// This scenario with one factor changed.
  Scenario with(Factor factor, BigDecimal value) {
    Map<Factor, BigDecimal> changed = new EnumMap<>(values);
    changed.put(factor, value);
    return new Scenario(lines, changed);
  }

  /// The factor's value.
  BigDecimal get(Factor factor) {
    return Optional.ofNullable(values.get(factor))
        .orElseThrow(() -> new IllegalStateException("no value for " + factor));
  }

  /// The line of the price book behind an assumption.
  PriceLine line(Factor factor) {
    return Optional.ofNullable(lines.get(factor))
        .orElseThrow(() -> new IllegalStateException("not an assumption: " + factor));
  }
}

package io.tuneplane.cost;

import java.math.BigDecimal;
import java.util.Optional;

/// One number of the price book.
///
/// @param item its path in the book, e.g. `managed.openai.models.gpt-4o.train_usd_per_million`
/// @param value the number; empty where nobody has found it, which is neither zero nor a guess
/// @param spread how far it may be off, where it is an assumption
/// @param source where it comes from
public record PriceLine(
    String item, Optional<BigDecimal> value, Optional<Range> spread, Source source) {

  /// The number with its spread; a known number where it has none.
  public Optional<Range> range() {
    return spread.or(() -> value.map(Range::of));
  }
}

package io.tuneplane.cost;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Notes what a computation rests on: every price line it looks at, what it assumes, and what it
/// would need to know.
final class Ledger {

  private final LocalDate today;
  private final int staleAfterDays;
  private final boolean silent;
  private final Map<String, PriceUse> uses = new LinkedHashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<String> unknown = new LinkedHashSet<>();

  private Ledger(LocalDate today, int staleAfterDays, boolean silent) {
    this.today = today;
    this.staleAfterDays = staleAfterDays;
    this.silent = silent;
  }

  /// A ledger for an answer that is given on a day.
  static Ledger open(LocalDate today, int staleAfterDays) {
    return new Ledger(today, staleAfterDays, false);
  }

  /// A ledger that nobody will read: for the many draws of a simulation.
  static Ledger closed(LocalDate today) {
    return new Ledger(today, 0, true);
  }

  /// The line's number; where it has none, that is noted as unknown.
  Optional<BigDecimal> use(PriceLine line) {
    if (silent) {
      return line.value();
    }
    Source source = line.source();
    uses.put(
        line.item(),
        new PriceUse(
            line.item(),
            line.value(),
            source.text(),
            source.readOn(),
            source.isStale(today, staleAfterDays)));
    if (line.value().isEmpty()) {
      unknown.add(line.item() + ": " + source.note().orElse("nobody has found it"));
    }
    return line.value();
  }

  /// Notes a day that a source gave, such as a model's end.
  void use(String item, Source source) {
    uses.put(
        item,
        new PriceUse(
            item,
            Optional.empty(),
            source.text(),
            source.readOn(),
            source.isStale(today, staleAfterDays)));
  }

  /// Takes over the lines that another computation looked at.
  void useAll(Ledger other) {
    other.uses.forEach(uses::putIfAbsent);
  }

  /// Notes a sentence. It is made only if somebody will read it.
  void note(Supplier<String> sentence) {
    if (!silent) {
      notes.add(sentence.get());
    }
  }

  void unknown(String sentence) {
    unknown.add(sentence);
  }

  List<PriceUse> uses() {
    return new ArrayList<>(uses.values());
  }

  List<String> notes() {
    return new ArrayList<>(notes);
  }

  List<String> unknown() {
    return new ArrayList<>(unknown);
  }
}

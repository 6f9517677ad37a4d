package io.tuneplane.cost;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Chooses what comes after a model that stops: of the offers that outlast the horizon and whose
/// costs are known, the one that is cheapest from the end on.
final class Successors {

  private final Question question;
  private final Scenario likely;
  private final List<Offer> offers;

  Successors(Question question, Scenario likely, List<Offer> offers) {
    this.question = question;
    this.likely = likely;
    this.offers = offers;
  }

  /// The successor of an offer whose model stops inside the horizon or the first year; empty where
  /// it doesn't stop, or where nothing will do.
  Optional<Offer> of(Offer offer) {
    LocalDate last = lastDay();
    return Lifetime.announced(offer)
        .filter(end -> end.date().isBefore(last))
        .flatMap(end ->
            offers.stream()
                .filter(candidate -> !Lifetime.endsBefore(candidate, last))
                .flatMap(candidate -> priced(candidate, end.date()).stream())
                .min(Comparator.comparing(Priced::cost).thenComparing(p -> p.offer().id()))
                .map(Priced::offer));
  }

  private LocalDate lastDay() {
    LocalDate year = Horizon.year(question.horizon().from()).end();
    return question.horizon().end().isAfter(year) ? question.horizon().end() : year;
  }

  private record Priced(Offer offer, Money cost) {}

  private Optional<Priced> priced(Offer candidate, LocalDate from) {
    Ledger unread = Ledger.closed(question.horizon().from());
    Rates rates = new Pricer(question, unread).rates(candidate, likely);
    Totals totals = new Totals(question, likely);
    return rates
        .training()
        .flatMap(retrain -> totals.serving(rates, from, lastDay()).map(retrain::plus))
        .map(cost -> new Priced(candidate, cost));
  }
}

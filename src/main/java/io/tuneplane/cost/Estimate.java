package io.tuneplane.cost;

import io.tuneplane.cost.EndOfLife.Successor;
import java.time.LocalDate;
import java.util.Optional;

/// Prices one plan at the most likely numbers, and writes down what that rests on.
final class Estimate {

  private final PriceBook book;
  private final Question question;
  private final Scenario likely;
  private final Plan plan;
  private final Ledger ledger;

  Estimate(PriceBook book, Question question, Scenario likely, Plan plan) {
    this.book = book;
    this.question = question;
    this.likely = likely;
    this.plan = plan;
    this.ledger = Ledger.open(question.horizon().from(), book.staleAfterDays());
  }

  CostOption option() {
    Rates rates = new Pricer(question, ledger).rates(plan.offer(), likely);
    Optional<Rates> later = plan.successor().map(this::ratesOfSuccessor);
    Optional<EndOfLife> ending = endOfLife(later);
    if (question.workload().isEmpty()) {
      ledger.note(() -> "Serving is left out: no workload was given.");
    }
    return new CostOption(
        plan.offer(), bill(rates, later), ledger.uses(), ending, ledger.notes(), ledger.unknown());
  }

  private Bill bill(Rates rates, Optional<Rates> later) {
    Totals totals = new Totals(question, likely);
    LocalDate from = question.horizon().from();
    return new Bill(
        question.training().tokens(),
        rates.training(),
        rates.serving().map(monthly -> monthly.at(likely.get(Factor.MONTHLY_REQUESTS))),
        totals.until(Horizon.year(from).end(), plan, rates, later),
        totals.until(question.horizon().end(), plan, rates, later),
        rates.hours());
  }

  /// The successor's prices are part of what the amounts rest on; its notes stand with its own
  /// option.
  private Rates ratesOfSuccessor(Offer successor) {
    Ledger own = Ledger.open(question.horizon().from(), book.staleAfterDays());
    Rates rates = new Pricer(question, own).rates(successor, likely);
    ledger.useAll(own);
    return rates;
  }

  private Optional<EndOfLife> endOfLife(Optional<Rates> later) {
    Optional<EndDate> end = Lifetime.end(plan.offer());
    end.ifPresent(known -> ledger.use(plan.offer().id() + ".end", known.source()));
    end.filter(known -> !known.isAnnounced())
        .ifPresent(known ->
            ledger.note(() -> "The model may be retired from %s on.".formatted(known.date())));
    return end.filter(EndDate::isAnnounced)
        .filter(known -> known.date().isBefore(question.horizon().end()))
        .map(known -> new EndOfLife(known, successor(known.date(), later)));
  }

  private Optional<Successor> successor(LocalDate end, Optional<Rates> later) {
    Totals totals = new Totals(question, likely);
    Optional<Successor> successor =
        plan.successor()
            .flatMap(next ->
                later.flatMap(rates ->
                    rates
                        .training()
                        .flatMap(retrain ->
                            totals
                                .serving(rates, end, question.horizon().end())
                                .map(serving ->
                                    new Successor(
                                        next.provider(), next.model(), retrain, serving)))));
    if (successor.isEmpty()) {
      ledger.unknown(
          "what comes after %s, when the model stops: no other option has a known cost and lasts"
              .formatted(end));
    }
    return successor;
  }
}

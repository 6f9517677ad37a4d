package io.tuneplane.cost;

import java.time.LocalDate;
import java.util.Optional;

/// Adds up what a plan costs from the first day of the horizon: tuning, serving, and what comes
/// after a model that stops.
final class Totals {

  private final Question question;
  private final Scenario scenario;
  private final LocalDate from;

  Totals(Question question, Scenario scenario) {
    this.question = question;
    this.scenario = scenario;
    this.from = question.horizon().from();
  }

  /// The whole cost until a day; empty where a part is unknown.
  ///
  /// @param rates of the plan's offer
  /// @param later of its successor
  Optional<Money> until(LocalDate day, Plan plan, Rates rates, Optional<Rates> later) {
    Optional<LocalDate> end = plan.endBefore(day);
    Optional<Money> first =
        rates.training().flatMap(t -> serving(rates, from, end.orElse(day)).map(t::plus));
    if (end.isEmpty()) {
      return first;
    }
    return first.flatMap(f ->
        later.flatMap(l ->
            l.training().flatMap(t -> serving(l, end.get(), day).map(s -> f.plus(t).plus(s)))));
  }

  /// Serving between two days: nothing where there is no workload, empty where it is unknown.
  Optional<Money> serving(Rates rates, LocalDate start, LocalDate end) {
    return question.workload().isEmpty()
        ? Optional.of(Money.ZERO)
        : rates.serving().map(monthly -> new Traffic(from, scenario).cost(monthly, start, end));
  }
}

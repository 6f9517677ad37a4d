package io.tuneplane.decision;

import io.tuneplane.cost.CostOption;
import io.tuneplane.cost.Money;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.PolicyEngine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What strikes a candidate out once its price is known: budget and deadline.
final class Affordable {

  private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

  private final DecisionRequest request;
  private final PolicyEngine policy;
  private final Instant now;

  Affordable(DecisionRequest request, PolicyEngine policy, Instant now) {
    this.request = request;
    this.policy = policy;
    this.now = now;
  }

  List<Objection> against(Candidate candidate, CostOption option) {
    List<Objection> found = new ArrayList<>();
    Needs needs = request.needs();
    needs.budgetUsd().flatMap(most -> budget(candidate, option, most)).ifPresent(found::add);
    needs.deadline().flatMap(by -> deadline(candidate, option, by)).ifPresent(found::add);
    return found;
  }

  /// An unknown price can't be held to a budget, except on hardware that the operator holds: nobody
  /// sends a bill for that.
  private Optional<Objection> budget(Candidate candidate, CostOption option, BigDecimal most) {
    Optional<Money> training = option.bill().training();
    if (training.isPresent()) {
      return training.get().usd().compareTo(most) <= 0
          ? Optional.empty()
          : Optional.of(
              new Objection(
                  "budget",
                  "tuning costs $%s there, the budget is $%s"
                      .formatted(training.get().text(), new Money(most).text()),
                  List.of()));
    }
    return policy.location(candidate.place().destination()) == Location.ON_PREM
        ? Optional.empty()
        : Optional.of(
            new Objection(
                "budget",
                "what tuning costs there is unknown, so it can't be held to a budget of $%s"
                    .formatted(new Money(most).text()),
                option.unknown()));
  }

  private Optional<Objection> deadline(Candidate candidate, CostOption option, Instant by) {
    return option
        .bill()
        .hours()
        .map(hours -> now.plus(Duration.ofSeconds(hours.multiply(SECONDS_PER_HOUR).longValue())))
        .filter(ready -> ready.isAfter(by))
        .map(ready ->
            new Objection(
                "deadline",
                "%s would have it at %s, after %s"
                    .formatted(candidate.place().backend(), ready, by),
                List.of()));
  }
}

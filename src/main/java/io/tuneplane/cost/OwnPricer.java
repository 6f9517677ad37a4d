package io.tuneplane.cost;

import java.math.BigDecimal;
import java.util.Optional;

/// Prices hardware that is paid by the hour.
final class OwnPricer {

  private final Question question;
  private final Ledger ledger;

  OwnPricer(Question question, Ledger ledger) {
    this.question = question;
    this.ledger = ledger;
  }

  Rates rates(Offer.Own offer, Scenario scenario) {
    Optional<BigDecimal> hourly = ledger.use(offer.place().rate().hourly());
    BigDecimal accelerators = new Hardware(offer, scenario, ledger).accelerators();
    Optional<BigDecimal> together = hourly.map(accelerators::multiply);
    Optional<BigDecimal> hours =
        question.training().tokens().signum() == 0
            ? Optional.empty()
            : new OwnTraining(question, offer, scenario, ledger).hours(accelerators);
    return new Rates(
        together.flatMap(usd -> hours.map(h -> new Money(usd.multiply(h)))),
        hours,
        question.workload().isEmpty()
            ? Optional.empty()
            : together.flatMap(usd ->
                new OwnServing(question, offer, scenario, ledger).monthly(usd, accelerators)));
  }
}

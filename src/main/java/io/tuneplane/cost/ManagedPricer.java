package io.tuneplane.cost;

import io.tuneplane.cost.ManagedModel.Tariff;
import java.math.BigDecimal;
import java.util.Optional;

/// Prices a provider's model: tokens times the price of a million.
final class ManagedPricer {

  private static final int MILLION = 6;

  private final Question question;
  private final Ledger ledger;

  ManagedPricer(Question question, Ledger ledger) {
    this.question = question;
    this.ledger = ledger;
  }

  Rates rates(Offer.Managed offer, Scenario scenario) {
    Tariff tariff = offer.tuned().tariff();
    Optional<Money> training =
        question.training().tokens().signum() == 0
            ? Optional.empty()
            : millions(tariff.training(), question.training().tokens());
    Optional<BigDecimal> hours = offer.place().firstResultHours().flatMap(ledger::use);
    return new Rates(
        training, hours, question.workload().flatMap(load -> serving(tariff, load, scenario)));
  }

  private Optional<MonthlyCost> serving(Tariff tariff, Workload load, Scenario scenario) {
    BigDecimal input = scenario.get(Factor.INPUT_TOKENS);
    BigDecimal cached = input.multiply(load.cachedShare());
    Optional<Money> fresh = millions(tariff.input(), input.subtract(cached));
    // The cached price matters only to who has cached tokens: unknown, it must not spoil the rest.
    Optional<Money> again =
        cached.signum() == 0 ? Optional.of(Money.ZERO) : millions(tariff.cachedInput(), cached);
    Optional<Money> output = millions(tariff.output(), scenario.get(Factor.OUTPUT_TOKENS));
    return fresh
        .flatMap(a -> again.flatMap(b -> output.map(c -> a.plus(b).plus(c))))
        .map(MonthlyCost.PerRequest::new);
  }

  private Optional<Money> millions(PriceLine price, BigDecimal tokens) {
    return ledger.use(price).map(usd -> new Money(usd.multiply(tokens).movePointLeft(MILLION)));
  }
}

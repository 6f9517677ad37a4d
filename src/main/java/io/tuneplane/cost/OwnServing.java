package io.tuneplane.cost;

import io.tuneplane.cost.Measurements.Speeds;
import io.tuneplane.cost.MonthlyCost.Stepped;
import io.tuneplane.cost.OwnPlace.Capacity;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/// What replicas on our own hardware cost: they are paid for while they are reserved, and their
/// number follows the peak.
final class OwnServing {

  private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

  /// A forward pass multiplies and adds once a parameter and token (Kaplan et al., 2020,
  /// arXiv:2001.08361, section 2.1).
  private static final BigDecimal FORWARD_FLOP_PER_PARAMETER = BigDecimal.TWO;

  private final Question question;
  private final Offer.Own offer;
  private final Scenario scenario;
  private final Ledger ledger;

  OwnServing(Question question, Offer.Own offer, Scenario scenario, Ledger ledger) {
    this.question = question;
    this.offer = offer;
    this.scenario = scenario;
    this.ledger = ledger;
  }

  /// The monthly cost; empty where the capacity is unknown.
  ///
  /// @param replicaHourly dollars an hour of one replica
  /// @param accelerators how many a replica takes
  Optional<MonthlyCost> monthly(BigDecimal replicaHourly, BigDecimal accelerators) {
    BigDecimal adapters = BigDecimal.valueOf(question.own().adapters());
    BigDecimal hours = hours();
    Money step = new Money(replicaHourly.multiply(hours)).dividedBy(adapters);
    Money people = question.own().people().map(OwnPlan.People::monthly).orElse(Money.ZERO);
    if (offer.place().rate().servingCapacity() instanceof Capacity.Unlimited
        || tokensPerRequest().signum() == 0) {
      ledger.note(() -> "One replica is taken to carry any number of requests.");
      return Optional.of(new Stepped(step, Optional.empty(), minimum(), people));
    }
    return speed(accelerators)
        .map(tokens -> requests(tokens, hours).divide(adapters, MathContext.DECIMAL128))
        .map(requests -> new Stepped(step, Optional.of(requests), minimum(), people));
  }

  /// Requests a month that one replica carries when the traffic has the peak that it has.
  private BigDecimal requests(BigDecimal tokensPerSecond, BigDecimal hours) {
    if (question.workload().flatMap(Workload::peakToMean).isEmpty()) {
      ledger.use(scenario.line(Factor.PEAK_TO_MEAN));
    }
    BigDecimal tokens = tokensPerSecond.multiply(SECONDS_PER_HOUR).multiply(hours);
    BigDecimal atPeak = tokensPerRequest().multiply(scenario.get(Factor.PEAK_TO_MEAN));
    return tokens.divide(atPeak, MathContext.DECIMAL128);
  }

  private BigDecimal tokensPerRequest() {
    return scenario.get(Factor.INPUT_TOKENS).add(scenario.get(Factor.OUTPUT_TOKENS));
  }

  private BigDecimal hours() {
    return switch (question.own().hours()) {
      case ServingHours.AlwaysOn _ -> {
        ledger.use(scenario.line(Factor.HOURS_PER_MONTH));
        yield scenario.get(Factor.HOURS_PER_MONTH);
      }
      case ServingHours.Scheduled scheduled -> scheduled.hoursPerMonth();
      case ServingHours.ScaledToZero scaled -> scaled.busyHoursPerMonth();
    };
  }

  private BigDecimal minimum() {
    if (question.own().hours() instanceof ServingHours.ScaledToZero) {
      return BigDecimal.ZERO;
    }
    ledger.use(scenario.line(Factor.MINIMUM_REPLICAS));
    return scenario.get(Factor.MINIMUM_REPLICAS);
  }

  /// Tokens a second of one replica: measured, else as the book states, else by the formula.
  private Optional<BigDecimal> speed(BigDecimal accelerators) {
    Optional<Speeds> measured = question.measured().of(offer);
    if (measured.flatMap(Speeds::serving).isPresent()) {
      BigDecimal speed = measured.get().serving().get();
      ledger.note(() ->
          "Serving capacity measured: %s tokens a second and replica (%s, %s)."
              .formatted(Words.count(speed), measured.get().source(), measured.get().measuredOn()));
      return Optional.of(speed);
    }
    if (offer.place().rate().servingCapacity() instanceof Capacity.Stated stated) {
      return ledger.use(stated.tokensPerSecond());
    }
    return assumed(accelerators);
  }

  private Optional<BigDecimal> assumed(BigDecimal accelerators) {
    Optional<BigDecimal> speed =
        new Hardware(offer, scenario, ledger)
            .speed(Factor.SERVING_MFU, FORWARD_FLOP_PER_PARAMETER)
            .map(each -> each.multiply(accelerators));
    speed.ifPresent(s ->
        ledger.note(() ->
            "Serving capacity assumed, not measured: %s of peak / (2 x parameters) = %s tokens a second and replica, peak %s times the mean."
                .formatted(
                    Words.percent(scenario.get(Factor.SERVING_MFU)),
                    Words.count(s),
                    scenario.get(Factor.PEAK_TO_MEAN).toPlainString())));
    return speed;
  }
}

package io.tuneplane.cost;

import io.tuneplane.cost.Measurements.Speeds;
import io.tuneplane.cost.OwnPlan.Tuning;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/// How long our own hardware trains.
final class OwnTraining {

  private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);
  private static final BigDecimal MINUTES_PER_HOUR = BigDecimal.valueOf(60);

  private final Question question;
  private final Offer.Own offer;
  private final Scenario scenario;
  private final Ledger ledger;

  OwnTraining(Question question, Offer.Own offer, Scenario scenario, Ledger ledger) {
    this.question = question;
    this.offer = offer;
    this.scenario = scenario;
    this.ledger = ledger;
  }

  /// Hours from the start to the last step, on so many accelerators; empty where the speed is
  /// unknown.
  Optional<BigDecimal> hours(BigDecimal accelerators) {
    BigDecimal startUp =
        scenario.get(Factor.STARTUP_MINUTES).divide(MINUTES_PER_HOUR, MathContext.DECIMAL128);
    ledger.use(scenario.line(Factor.STARTUP_MINUTES));
    return speed()
        .map(each -> each.multiply(accelerators).multiply(SECONDS_PER_HOUR))
        .map(perHour ->
            question.training().tokens().divide(perHour, MathContext.DECIMAL128).add(startUp));
  }

  /// Tokens a second of one accelerator: measured, else as the book states, else by the formula.
  private Optional<BigDecimal> speed() {
    Optional<Speeds> measured = question.measured().of(offer);
    if (measured.flatMap(Speeds::training).isPresent()) {
      BigDecimal speed = measured.get().training().get();
      ledger.note(() ->
          "Training speed measured: %s tokens a second and accelerator (%s, %s)."
              .formatted(Words.count(speed), measured.get().source(), measured.get().measuredOn()));
      return Optional.of(speed);
    }
    return offer.place().rate().trainingSpeed().map(this::stated).orElseGet(this::assumed);
  }

  private Optional<BigDecimal> stated(PriceLine line) {
    Optional<BigDecimal> speed = ledger.use(line);
    speed.ifPresent(s ->
        ledger.note(() ->
            "Training speed as the price book states it: %s tokens a second."
                .formatted(Words.count(s))));
    return speed;
  }

  private Optional<BigDecimal> assumed() {
    Factor flop =
        question.own().tuning() == Tuning.LORA
            ? Factor.LORA_FLOP_PER_PARAMETER
            : Factor.FULL_FLOP_PER_PARAMETER;
    ledger.use(scenario.line(flop));
    Optional<BigDecimal> speed =
        new Hardware(offer, scenario, ledger).speed(Factor.TRAINING_MFU, scenario.get(flop));
    speed.ifPresent(s ->
        ledger.note(() ->
            "Training speed assumed, not measured: %s of peak / (%s x parameters) = %s tokens a second and accelerator."
                .formatted(
                    Words.percent(scenario.get(Factor.TRAINING_MFU)),
                    scenario.get(flop).toPlainString(),
                    Words.count(s))));
    return speed;
  }
}

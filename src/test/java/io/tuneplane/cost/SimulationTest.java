package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimulationTest {

  private static final String UNSURE =
      "{source: me, read_on: 2026-11-01, assumptions: {training_mfu: {value: 0.5, low: 0.1, high:"
          + " 0.9}}}";

  private static Workload between(String requests) {
    return new Workload(
        Range.parse(requests),
        Range.of(60),
        Range.of(40),
        BigDecimal.ZERO,
        Range.of(0),
        Optional.empty());
  }

  private static Question seeded(Workload workload, long seed) {
    return new Question(
        Asking.MILLION_TOKENS,
        Optional.of(workload),
        Horizon.year(Asking.TODAY),
        OwnPlan.DEFAULT,
        Measurements.NONE,
        seed);
  }

  private static Outlook outlook(String offer, Question question) {
    return Optional.ofNullable(outlooks(question).get(offer)).orElseThrow();
  }

  private static Map<String, Outlook> outlooks(Question question) {
    return Asking.compare(Books.round(UNSURE), question).outlooks();
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    Question question = seeded(between("100000..500000..2000000"), 7);

    assertThat(outlooks(question)).isEqualTo(outlooks(question));
    assertThat(outlooks(question))
        .isNotEqualTo(outlooks(seeded(between("100000..500000..2000000"), 8)));
  }

  @Test
  void aKnownSteadyWorkloadNeedsNoSimulation() {
    assertThat(outlooks(seeded(between("1000"), 1))).isEmpty();
  }

  @Test
  void percentilesAreThoseOfTheTriangle() {
    // A bill that is proportional to a triangle from 0 over 500,000 to 1,000,000 requests.
    Outlook cloud = outlook("cloud/there", seeded(between("0..500000..1000000"), 3));
    double year = 12 * 1000.0;

    assertThat(cloud.p10().usd().doubleValue())
        .isCloseTo(2 + year * Math.sqrt(0.05), within(year * 0.02));
    assertThat(cloud.p50().usd().doubleValue()).isCloseTo(2 + year / 2, within(year * 0.02));
    assertThat(cloud.p90().usd().doubleValue())
        .isCloseTo(2 + year * (1 - Math.sqrt(0.05)), within(year * 0.02));
  }

  @Test
  void theChanceOfTheCheapestIsTheMassOnItsSideOfTheBreakeven() {
    // Own wins above about 730,000 requests: 2 x 0.27^2 of the triangle's mass.
    Question question = seeded(between("0..500000..1000000"), 3);

    assertThat(outlook("rack/here", question).cheapest().doubleValue())
        .isCloseTo(2 * 0.27 * 0.27, within(0.02));
    assertThat(
            outlooks(question).values().stream()
                .map(Outlook::cheapest)
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo("1");
  }

  @Test
  void whatMovesATotalMostIsNamed() {
    Question question = seeded(between("1000..2000..3000"), 3);

    assertThat(outlook("cloud/there", question).movesMost()).contains(Factor.MONTHLY_REQUESTS);
    assertThat(outlook("rack/here", question).movesMost()).contains(Factor.TRAINING_MFU);
  }
}

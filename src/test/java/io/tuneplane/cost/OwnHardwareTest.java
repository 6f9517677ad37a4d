package io.tuneplane.cost;

import static io.tuneplane.cost.Asking.compare;
import static io.tuneplane.cost.Asking.option;
import static io.tuneplane.cost.Asking.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tuneplane.cost.Measurements.Speeds;
import io.tuneplane.cost.OwnPlan.People;
import io.tuneplane.cost.OwnPlan.Tuning;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnHardwareTest {

  private static final ServingHours ALWAYS = new ServingHours.AlwaysOn();

  private static CostOption rack(Question question) {
    return option(compare(Books.round(), question), "Rack");
  }

  @Test
  void trainingTakesTokensOverSpeedAndSpeedIsEfficiencyTimesPeakOverFlop() {
    // 0.5 x 8e12 / (4 x 1e9) = 1,000 tokens a second: 3.6 million tokens are an hour.
    CostOption lora = rack(Asking.training(TrainingVolume.of(3600, 1000, 1)));

    assertThat(lora.bill().hours().orElseThrow()).isEqualByComparingTo("1");
    assertThat(text(lora.bill().training())).isEqualTo("1.00");
    assertThat(lora.notes()).anyMatch(note -> note.contains("assumed, not measured"));
  }

  @Test
  void trainingAllWeightsTakesHalfAsLongAgain() {
    OwnPlan full = new OwnPlan(Tuning.FULL, ALWAYS, 1, Optional.empty());
    Question question = Asking.with(full, Workload.steady(1, 60, 40), Measurements.NONE);

    BigDecimal adapter = rack(Asking.requests(1)).bill().hours().orElseThrow();

    assertThat(rack(question).bill().hours().orElseThrow())
        .isCloseTo(adapter.multiply(new BigDecimal("1.5")), within(new BigDecimal("1e-30")));
  }

  @Test
  void startUpMinutesArePaid() {
    PriceBook slow =
        Books.round("{source: me, read_on: 2026-11-01, assumptions: {startup_minutes: 30}}");

    CostOption option =
        option(compare(slow, Asking.training(TrainingVolume.of(3600, 1000, 1))), "Rack");

    assertThat(text(option.bill().training())).isEqualTo("1.50");
  }

  @Test
  void aMeasuredSpeedBeatsAnAssumedOneAndTheAnswerSaysSo() {
    Measurements measured =
        new Measurements(
            Map.of(
                "rack/here",
                new Speeds(
                    Optional.of(BigDecimal.valueOf(500)),
                    Optional.empty(),
                    "the last 3 jobs",
                    Asking.TODAY)));
    Question question =
        new Question(
            TrainingVolume.of(3600, 1000, 1),
            Optional.empty(),
            Horizon.year(Asking.TODAY),
            OwnPlan.DEFAULT,
            measured,
            1);

    CostOption option = rack(question);

    assertThat(option.bill().hours().orElseThrow()).isEqualByComparingTo("2");
    assertThat(option.notes())
        .anyMatch(note -> note.startsWith("Training speed measured") && note.contains("3 jobs"))
        .noneMatch(note -> note.startsWith("Training speed assumed"));
  }

  @ParameterizedTest
  @CsvSource({"0,730.00", "1,730.00", "999999,730.00", "1000001,1460.00", "2500000,2190.00"})
  void replicasComeInStepsAndAreNeverBelowTheMinimum(long requests, String monthly) {
    assertThat(text(rack(Asking.requests(requests)).bill().monthly())).isEqualTo(monthly);
  }

  @Test
  void replicasFollowThePeakNotTheMean() {
    Workload spiky =
        new Workload(
            Range.of(900_000),
            Range.of(60),
            Range.of(40),
            BigDecimal.ZERO,
            Range.of(0),
            Optional.of(Range.of(3)));

    assertThat(text(rack(Asking.with(spiky)).bill().monthly())).isEqualTo("2190.00");
  }

  @Test
  void aScheduleCostsItsHoursAndCarriesLess() {
    OwnPlan half =
        new OwnPlan(
            Tuning.LORA, new ServingHours.Scheduled(BigDecimal.valueOf(365)), 1, Optional.empty());

    assertThat(text(rack(Asking.with(half, 0)).bill().monthly())).isEqualTo("365.00");
    assertThat(text(rack(Asking.with(half, 600_000)).bill().monthly())).isEqualTo("730.00");
  }

  @Test
  void scaledToZeroAMonthWithoutRequestsCostsNothing() {
    OwnPlan busy =
        new OwnPlan(
            Tuning.LORA, new ServingHours.ScaledToZero(BigDecimal.TEN), 1, Optional.empty());

    assertThat(text(rack(Asking.with(busy, 0)).bill().monthly())).isEqualTo("0.00");
    assertThat(text(rack(Asking.with(busy, 1)).bill().monthly())).isEqualTo("10.00");
  }

  @Test
  void adaptersThatShareReplicasCarryEqualShares() {
    OwnPlan ten = new OwnPlan(Tuning.LORA, ALWAYS, 10, Optional.empty());

    assertThat(text(rack(Asking.with(ten, 50_000)).bill().monthly())).isEqualTo("73.00");
    // Ten times 150,000 requests need a second replica.
    assertThat(text(rack(Asking.with(ten, 150_000)).bill().monthly())).isEqualTo("146.00");
  }

  @Test
  void peoplesHoursAreAddedEveryMonth() {
    OwnPlan cared =
        new OwnPlan(
            Tuning.LORA, ALWAYS, 1, Optional.of(new People(BigDecimal.TEN, Money.of("80"))));

    assertThat(text(rack(Asking.with(cared, 1)).bill().monthly())).isEqualTo("1530.00");
  }

  @Test
  void aLargeModelTakesAsManyAcceleratorsAsHoldIt() {
    PriceBook large =
        Books.round("{source: me, read_on: 2026-11-01, open_models: {here: {parameters: 70.6e9}}}");

    CostOption option = option(compare(large, Asking.requests(1)), "Rack");

    // 2 bytes x 70.6e9 x 1.2 over 0.9 x 80 GiB: more than two, so four.
    assertThat(text(option.bill().monthly())).isEqualTo("2920.00");
  }

  @Test
  void capacityFollowsFromTheServingEfficiencyWhereTheBookStatesNone() {
    CostOption option =
        option(
            compare(Books.shipped("book"), Asking.with(Workload.steady(1, 60, 40))),
            "RunPod A100 80 GB");

    assertThat(option.notes())
        .anyMatch(note -> note.startsWith("Serving capacity assumed, not measured: 15 % of peak"));
  }
}

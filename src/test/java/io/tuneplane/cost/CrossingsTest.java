package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tuneplane.cost.Crossings.Crossing;
import io.tuneplane.cost.MonthlyCost.PerRequest;
import io.tuneplane.cost.MonthlyCost.Stepped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrossingsTest {

  private static PerRequest each(String usd) {
    return new PerRequest(Money.of(usd));
  }

  private static Stepped steps(String usd, String requests, long minimum, String fixed) {
    return new Stepped(
        Money.of(usd),
        Optional.of(new BigDecimal(requests)),
        BigDecimal.valueOf(minimum),
        Money.of(fixed));
  }

  private static Stepped single(String usd) {
    return new Stepped(Money.of(usd), Optional.empty(), BigDecimal.ONE, Money.ZERO);
  }

  @Test
  void oneReplicaForEverythingHasOneCrossingJustAboveItsPrice() {
    assertThat(new Crossings(each("0.00027"), single("1800")).all())
        .containsExactly(new Crossing(6_666_667, true, false));
  }

  @Test
  void equalCostIsNotYetCheaper() {
    assertThat(new Crossings(each("1"), single("100")).all())
        .containsExactly(new Crossing(101, true, false));
  }

  @Test
  void aNewReplicaCanTurnItRound() {
    // $15 a replica for 20 requests: cheaper from 16; the second one costs $30 from 21 on, the
    // third
    // $45 from 41 on, the fourth $60 from 61 on, cheaper again at once.
    assertThat(new Crossings(each("1"), steps("15", "20", 1, "0")).all())
        .extracting(Crossing::requests, Crossing::toOwn)
        .containsExactly(
            tuple(16L, true),
            tuple(21L, false),
            tuple(31L, true),
            tuple(41L, false),
            tuple(46L, true));
  }

  @Test
  void aReplicaThatCostsMoreThanItsRequestsNeverWins() {
    assertThat(new Crossings(each("1"), steps("20", "20", 1, "0")).all()).isEmpty();
    assertThat(new Crossings(each("0"), single("1")).all()).isEmpty();
  }

  @Test
  void theLastChangeIsFoundBeyondTheListedSteps() {
    // A replica gains one dollar of a thousand, so it takes a thousand steps until own has won.
    Crossings crossings = new Crossings(each("1"), steps("999", "1000", 1, "0"));

    List<Crossing> all = crossings.all();

    assertThat(all).hasSizeLessThan(60).filteredOn(Crossing::afterGap).hasSize(1);
    long last = all.getLast().requests();
    assertThat(all.getLast().toOwn()).isTrue();
    assertThat(last).isBetween(998_000L, 1_000_000L);
    assertThat(LongStream.range(last, last + 20_000).allMatch(crossings::ownIsCheaper)).isTrue();
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /// Counting every volume one by one finds the same changes.
  @ParameterizedTest
  @MethodSource("seeds")
  void theClosedFormAgreesWithCounting(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    PerRequest managed = each("0." + random.nextInt(1, 100));
    Stepped own =
        steps(
            String.valueOf(random.nextInt(1, 40)),
            String.valueOf(random.nextDouble(20, 200)),
            random.nextInt(0, 3),
            String.valueOf(random.nextInt(0, 30)));
    Crossings crossings = new Crossings(managed, own);

    List<Crossing> found = crossings.all();

    boolean listsAll = found.stream().noneMatch(Crossing::afterGap);
    long until = listsAll ? 5_000 : 20 * Crossings.LISTED_STEPS / 2;
    assertThat(changes(found, until))
        .as("seed %d: %s, %s", seed, managed, own)
        .isEqualTo(counted(crossings, until));
  }

  private static List<Long> changes(List<Crossing> crossings, long until) {
    return crossings.stream().map(Crossing::requests).filter(r -> r < until).toList();
  }

  private static List<Long> counted(Crossings crossings, long until) {
    List<Long> counted = new ArrayList<>();
    for (long r = 1; r < until; r++) {
      if (crossings.ownIsCheaper(r) != crossings.ownIsCheaper(r - 1)) {
        counted.add(r);
      }
    }
    return counted;
  }
}

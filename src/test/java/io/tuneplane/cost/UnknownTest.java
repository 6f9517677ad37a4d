package io.tuneplane.cost;

import static io.tuneplane.cost.Asking.compare;
import static io.tuneplane.cost.Asking.option;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnknownTest {

  private static final String STAMP = "source: me\nread_on: 2026-11-01\n";

  private static PriceBook without(String key) {
    return Books.round(
        STAMP
            + "managed: {cloud: {models: {there: {%s: {value: unknown, note: not found}}}}}"
                .formatted(key));
  }

  @Test
  void anUnknownTrainingPriceLeavesOnlyServingKnown() {
    Comparison comparison = compare(without("train_usd_per_million"), Asking.requests(1000));
    CostOption cloud = option(comparison, "Cloud");

    assertThat(cloud.bill().training()).isEmpty();
    assertThat(cloud.bill().monthly()).isPresent();
    assertThat(cloud.bill().annual()).isEmpty();
    assertThat(cloud.bill().total()).isEmpty();
    assertThat(cloud.unknown()).anyMatch(reason -> reason.endsWith("not found"));
  }

  @Test
  void anUnknownTotalRanksAfterEveryKnownOne() {
    assertThat(compare(without("output_usd_per_million"), Asking.requests(1)).options())
        .extracting(CostOption::provider)
        .containsExactly("Rack", "Cloud");
    assertThat(compare(Books.round(), Asking.requests(1)).options())
        .extracting(CostOption::provider)
        .containsExactly("Cloud", "Rack");
  }

  @Test
  void anUnknownPriceMakesNoBreakeven() {
    assertThat(compare(without("input_usd_per_million"), Asking.requests(1)).breakevens())
        .isEmpty();
  }

  @Test
  void theCachedPriceMattersOnlyWhereTokensAreCached() {
    PriceBook book = without("cached_input_usd_per_million");
    Workload cached =
        new Workload(
            Range.of(1000),
            Range.of(60),
            Range.of(40),
            new BigDecimal("0.5"),
            Range.of(0),
            Optional.empty());

    assertThat(option(compare(book, Asking.requests(1000)), "Cloud").bill().total()).isPresent();
    assertThat(option(compare(book, Asking.with(cached)), "Cloud").bill().total()).isEmpty();
  }

  @Test
  void cachedTokensCostTheCachedPrice() {
    Workload cached =
        new Workload(
            Range.of(1000),
            Range.of(100),
            Range.of(0),
            new BigDecimal("0.5"),
            Range.of(0),
            Optional.empty());

    // 50 tokens at $10 and 50 at $1 a million, a thousand times.
    assertThat(
            Asking.text(
                option(compare(Books.round(), Asking.with(cached)), "Cloud").bill().monthly()))
        .isEqualTo("0.55");
  }

  @Test
  void thisMachineIsUnknownUntilItsHourIsPriced() {
    CostModel model = new CostModel(Books.shipped("book"));
    Comparison comparison =
        model.compare(model.offers(List.of("smollm2-135m")), Asking.requests(10));
    CostOption local = option(comparison, "This machine");

    assertThat(local.bill().training()).isEmpty();
    assertThat(local.bill().hours()).isPresent();
    assertThat(local.unknown()).anyMatch(reason -> reason.contains("local.hourly_usd"));
  }
}

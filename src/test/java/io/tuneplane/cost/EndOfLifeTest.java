package io.tuneplane.cost;

import static io.tuneplane.cost.Asking.compare;
import static io.tuneplane.cost.Asking.option;
import static io.tuneplane.cost.Asking.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndOfLifeTest {

  private static final String STAMP = "source: me\nread_on: 2026-11-01\n";

  private static PriceBook ending(String date, String kind) {
    return Books.round(
        STAMP
            + "managed: {cloud: {models: {there: {end: {date: %s, kind: %s}}}}}"
                .formatted(date, kind));
  }

  @Test
  void aModelThatStopsIsServedUntilThatDayAndThenByWhatComesAfter() {
    // 24 November to 24 March: four months of $1 there, then eight of $730 here and a retrain.
    Comparison comparison = compare(ending("2027-03-24", "announced"), Asking.requests(1000));
    CostOption cloud = option(comparison, "Cloud");
    CostOption rack = option(comparison, "Rack");

    EndOfLife.Successor after = cloud.endOfLife().orElseThrow().successor().orElseThrow();
    assertThat(after.provider()).isEqualTo("Rack");
    assertThat(after.retrain()).isEqualByComparingTo(rack.bill().training().orElseThrow());
    assertThat(after.serving().text()).isEqualTo("5840.00");
    assertThat(cloud.bill().total().orElseThrow())
        .isEqualByComparingTo(
            cloud.bill().training().orElseThrow().plus(Money.of("4")).plus(after.total()));
  }

  @Test
  void aBrokenMonthCountsByItsDays() {
    // 21 of the 31 days from 24 December on.
    CostOption cloud =
        option(compare(ending("2027-01-14", "announced"), Asking.requests(31_000_000)), "Cloud");
    Money serving =
        cloud
            .bill()
            .total()
            .orElseThrow()
            .minus(cloud.bill().training().orElseThrow())
            .minus(cloud.endOfLife().orElseThrow().successor().orElseThrow().total());

    assertThat(serving.text()).isEqualTo("52000.00");
  }

  @Test
  void anEndAfterTheHorizonChangesNothing() {
    CostOption later =
        option(compare(ending("2028-01-01", "announced"), Asking.requests(1000)), "Cloud");
    CostOption never = option(compare(Books.round(), Asking.requests(1000)), "Cloud");

    assertThat(later.endOfLife()).isEmpty();
    assertThat(later.bill()).isEqualTo(never.bill());
  }

  @Test
  void anEarliestDayIsSaidButDoesNotCount() {
    CostOption cloud =
        option(compare(ending("2027-03-24", "earliest"), Asking.requests(1000)), "Cloud");

    assertThat(cloud.endOfLife()).isEmpty();
    assertThat(cloud.notes()).anyMatch(note -> note.contains("may be retired from 2027-03-24"));
  }

  @Test
  void withoutAnythingToComeAfterTheTotalIsUnknown() {
    CostModel model = new CostModel(ending("2027-03-24", "announced"));
    Comparison alone = model.compare(model.offers(List.of("there")), Asking.requests(1000));

    CostOption cloud = option(alone, "Cloud");
    assertThat(cloud.bill().total()).isEmpty();
    assertThat(cloud.unknown()).anyMatch(reason -> reason.contains("2027-03-24"));
  }

  @Test
  void aModelThatHasStoppedIsLeftOutWithTheReason() {
    Comparison comparison = compare(ending("2026-10-23", "announced"), Asking.requests(1000));

    assertThat(comparison.options()).extracting(CostOption::provider).containsExactly("Rack");
    assertThat(comparison.leftOut()).singleElement().asString().contains("stopped on 2026-10-23");
  }

  @Test
  void aProviderThatTakesNoMoreJobsStillServesWhatIsTuned() {
    PriceBook closed =
        Books.round(STAMP + "managed: {cloud: {no_new_jobs: {date: 2026-11-24, kind: announced}}}");
    Question tuned =
        Question.of(
            TrainingVolume.of(0, 0, 1),
            Optional.of(Workload.steady(1000, 60, 40)),
            Horizon.year(Asking.TODAY));

    assertThat(compare(closed, Asking.requests(1)).leftOut())
        .singleElement()
        .asString()
        .contains("no new tuning job");
    assertThat(text(option(compare(closed, tuned), "Cloud").bill().total())).isEqualTo("12.00");
  }

  @Test
  void savingsStopWithTheModel() {
    // $270 a month saved, $1,000 to train: paid back in the fourth month, if there is one.
    String costly = "own: {rack: {hourly_usd: 1, training_tokens_per_second: 0.277777777778}}\n";
    PriceBook lives = Books.round(STAMP + costly);
    PriceBook dies =
        Books.round(
            STAMP
                + costly
                + "managed: {cloud: {models: {there: {end: {date: 2027-02-24, kind:"
                + " announced}}}}}");

    assertThat(payback(lives)).contains(4);
    assertThat(payback(dies)).isEmpty();
  }

  private static Optional<Integer> payback(PriceBook book) {
    return compare(book, Asking.requests(1_000_000)).breakevens().stream()
        .filter(b -> b.to().provider().equals("Rack"))
        .findFirst()
        .orElseThrow()
        .paybackMonths();
  }
}

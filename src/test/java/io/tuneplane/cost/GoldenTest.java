package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The figures that the section's own program prints.
class GoldenTest {

  private final PriceBook book = Books.shipped("section-13.4");

  private Comparison section() {
    PriceBook.Example example = book.reference().example().orElseThrow();
    Question question =
        Question.of(
            example.training(),
            Optional.of(example.workload()),
            Horizon.year(LocalDate.parse("2026-11-24")));
    CostModel model = new CostModel(book);
    return model.compare(model.offers(), question);
  }

  @Test
  void amountsAreTheSections() {
    assertThat(section().options())
        .extracting(
            CostOption::provider,
            o -> o.bill().trainingTokens().longValueExact(),
            o -> o.bill().training().orElseThrow().text(),
            o -> o.bill().monthly().orElseThrow().text(),
            o -> o.bill().annual().orElseThrow().text())
        .containsExactlyInAnyOrder(
            tuple("OpenAI (gpt-4o-mini)", 15_000_000L, "45.00", "27.00", "369.00"),
            tuple("OpenAI (gpt-4o)", 15_000_000L, "375.00", "337.50", "4425.00"),
            tuple("Self-hosted (A100)", 15_000_000L, "1.04", "1800.00", "21601.04"));
  }

  @Test
  void breakevensAreWhatTheSectionsFormulasGive() {
    assertThat(section().breakevens())
        .extracting(b -> b.from().provider(), b -> b.to().provider(), Breakeven::requestsPerMonth)
        .containsExactlyInAnyOrder(
            tuple("OpenAI (gpt-4o-mini)", "Self-hosted (A100)", 6_666_667L),
            tuple("OpenAI (gpt-4o)", "Self-hosted (A100)", 533_334L));
  }

  @Test
  void everyAmountCarriesItsPrices() {
    assertThat(section().options())
        .allSatisfy(option ->
            assertThat(option.prices())
                .isNotEmpty()
                .allSatisfy(use -> {
                  assertThat(use.source()).contains("13.4");
                  assertThat(use.stale()).isFalse();
                }));
  }
}

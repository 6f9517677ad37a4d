package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaleTest {

  /// The book's lines were read on 1 November 2026.
  @ParameterizedTest
  @CsvSource({"2026-11-01,false", "2027-01-30,false", "2027-01-31,true"})
  void aLineIsMarkedFromItsNinetyFirstDayOn(LocalDate today, boolean stale) {
    Question question =
        Question.of(
            Asking.MILLION_TOKENS, Optional.of(Workload.steady(1, 60, 40)), Horizon.year(today));

    assertThat(Asking.compare(Books.round(), question).options())
        .isNotEmpty()
        .allSatisfy(option ->
            assertThat(option.prices())
                .isNotEmpty()
                .extracting(PriceUse::stale)
                .containsOnly(stale));
  }
}

package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When people are warned of a model's end.
class EndWarningTest {

  private final PriceBook book = Books.shipped("book");

  @ParameterizedTest
  @CsvSource({
    "2026-07-17, , ",
    "2026-07-18, NOTICE, 'stops on 2027-01-14, in 180 days, and every model tuned from it'",
    "2026-10-15, NOTICE, in 91 days",
    "2026-10-16, SOON, in 90 days",
    "2026-12-14, SOON, in 31 days",
    "2026-12-15, URGENT, in 30 days",
    "2027-01-13, URGENT, in 1 day",
    "2027-01-14, OVER, stopped on 2027-01-14",
    "2027-03-01, OVER, stopped on 2027-01-14",
  })
  void daysBeforeAnAnnouncedEnd(LocalDate today, EndWarning.Grade grade, String words) {
    Optional<EndWarning> warning = EndWarning.of(book, "gpt-4o-mini", today);

    assertThat(warning.map(EndWarning::grade)).isEqualTo(Optional.ofNullable(grade));
    warning.ifPresent(
        w -> assertThat(w.words()).startsWith("gpt-4o-mini-2024-07-18 ").contains(words));
  }

  @Test
  void anEndThatIsOnlyTheEarliestIsNotCalledAnEnd() {
    EndWarning warning =
        EndWarning.of(book, "gemini-3.5-flash", LocalDate.parse("2027-05-01")).orElseThrow();

    assertThat(warning.words())
        .isEqualTo("gemini-3.5-flash is promised until 2027-05-19 only, in 18 days");
    assertThat(EndWarning.of(book, "gemini-3.5-flash", LocalDate.parse("2027-06-01")).orElseThrow())
        .extracting(EndWarning::words)
        .asString()
        .contains("may have stopped");
  }

  @Test
  void aProvidersWarningsComeNearestFirst() {
    assertThat(EndWarning.of(Books.provider(book, "openai"), LocalDate.parse("2026-11-25")))
        .extracting(EndWarning::model)
        .first()
        .isEqualTo("gpt-4.1-nano-2025-04-14");
  }

  @Test
  void ownModelsHaveNoEnd() {
    assertThat(EndWarning.of(book, "llama-3.1-8b", LocalDate.parse("2030-01-01"))).isEmpty();
  }
}

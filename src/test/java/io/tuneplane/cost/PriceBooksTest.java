package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceBooksTest {

  private static final String STAMP = "source: my contract\nread_on: 2026-11-24\n";

  @Test
  void aLineOfOnesOwnReplacesTheShippedOneWithItsSource() {
    PriceBook book =
        Books.overridden("book", STAMP + "own:\n  runpod-a100:\n    hourly_usd: 1.10\n");

    PriceLine line = Books.hourly(book, "runpod-a100");
    assertThat(line.value()).hasValueSatisfying(v -> assertThat(v).isEqualByComparingTo("1.10"));
    assertThat(line.source().text()).isEqualTo("my contract");
    assertThat(line.source().readOn()).isEqualTo(LocalDate.parse("2026-11-24"));
    assertThat(Books.hourly(book, "runpod-h100").source().text()).contains("datareceipts");
  }

  @Test
  void placesAndModelsCanBeAdded() {
    PriceBook book =
        Books.overridden(
            "book",
            STAMP
                + """
                open_models:
                  our-3b: {label: Ours, also: [acme/Ours-3B], parameters: 3e9}
                own:
                  our-cluster:
                    label: Our cluster
                    backend: kubernetes
                    gpu: h100
                    shown: true
                    models: [our-3b]
                    hourly_usd: 1.20
                """);

    assertThat(new CostModel(book).offers(List.of("ACME/ours-3b")))
        .extracting(Offer::id)
        .containsExactly("our-cluster/our-3b");
    assertThat(book.own().shown()).contains("our-cluster", "local");
  }

  @Test
  void theExampleOfTheHowToWorks() throws IOException {
    String example =
        Files.readAllLines(Path.of("docs/howto/price-book.md")).stream()
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("    ") || line.isEmpty())
            .map(String::stripTrailing)
            .collect(Collectors.joining("\n"));

    PriceBook book = Books.overridden("book", example.indent(-4));

    assertThat(book.modelClass("small"))
        .map(ModelClass::members)
        .hasValueSatisfying(members -> assertThat(members).contains("our-3b"));
    assertThat(Books.hourly(book, "our-cluster").source().text()).isEqualTo("contract 2026-17");
  }

  @Test
  void aFactIsReplacedAsAWholeSoThatNoSourceStandsByANumberThatItNeverGave() {
    assertThatThrownBy(
            () -> Books.overridden("book", "own: {runpod-a100: {hourly_usd: {value: 1}}}"))
        .isInstanceOf(PriceBookException.class)
        .hasMessage("mine.yaml:1: own.runpod-a100.hourly_usd.source is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "own:\\n"
            + "  local:\\n"
            + "    hourly_eur: 1 | mine.yaml:5: unknown key 'own.local.hourly_eur'; known here:",
        "managd: {}                          | mine.yaml:3: unknown key 'managd'",
        "own: {local: {hourly_usd: -1}}      | mine.yaml:3: own.local.hourly_usd.value: expected a"
            + " number",
        "own: {local: {hourly_usd: 1e400}}   | mine.yaml:3: own.local.hourly_usd.value: expected a"
            + " number",
        "own: {local: {hourly_usd: .inf}}    | mine.yaml:3: own.local.hourly_usd.value: expected a"
            + " number",
        "own: {local: {hourly_usd: 1_0}}     | mine.yaml:3: own.local.hourly_usd.value: expected a"
            + " number",
        "own: {local: {hourly_usd: [1]}}     | mine.yaml:3: own.local.hourly_usd: expected keys and"
            + " values",
        "own: {local: {gpu: h900}}           | mine.yaml:3: own.local.gpu: no 'h900' in this book",
        "own: {local: {shown: maybe}}        | mine.yaml:3: own.local.shown: expected true or"
            + " false",
        "own: {local: 5}                     | mine.yaml:3: own.local: expected keys and values",
        "classes: {tiny: small}              | mine.yaml:3: classes.tiny: expected a list",
        "assumptions: {training_mfu: 0}      | mine.yaml:3: assumptions.training_mfu: an assumption"
            + " must be",
        "assumptions: {training_mfu: {value: 0.5, low: 0.6, high: 0.7}} | mine.yaml:3:"
            + " assumptions.training_mfu.value: expected low <=",
        "stale_after_days: 1.5               | mine.yaml:3: stale_after_days: expected a whole"
            + " number",
        "managed: {openai: {no_new_jobs: {date: soon, kind: announced}}} | mine.yaml:3:"
            + " managed.openai.no_new_jobs.date: expected a day",
        "managed: {openai: {no_new_jobs: {date: 2027-01-06, kind: sure}}} | mine.yaml:3:"
            + " managed.openai.no_new_jobs.kind: 'sure' is not one of",
      })
  void mistakesAreNamedWithFileAndLine(String yaml, String message) {
    assertThatThrownBy(() -> Books.overridden("book", STAMP + yaml.replace("\\n", "\n")))
        .isInstanceOf(PriceBookException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: &x 1\nb: *x", "own: {}\nown: {}", "!!x {}", "- 1", "{", "a: [\u0000]"})
  void whatIsNotPlainYamlIsRefused(String yaml) {
    assertThatThrownBy(() -> Books.overridden("book", yaml))
        .isInstanceOf(PriceBookException.class)
        .hasMessageStartingWith("mine.yaml");
  }

  @Test
  void anUnknownPriceIsNeitherZeroNorAGuess() {
    PriceLine training =
        Books.provider(Books.shipped("book"), "vertex")
            .models()
            .values()
            .iterator()
            .next()
            .tariff()
            .training();

    assertThat(training.value()).isEmpty();
    assertThat(training.source().note())
        .contains("Google's price for a million tuning tokens was not seen");
  }
}

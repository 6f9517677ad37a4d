package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.cost.ComplianceFact.Answer;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What today's book must say: the facts that decisions rest on.
class ShippedBookTest {

  private final PriceBook book = Books.shipped("book");

  @ParameterizedTest
  @CsvSource({
    "gpt-4o-mini,small",
    "gpt-4o,large",
    "gemini-3.5-flash-lite,small",
    "gemini-3.5-flash,large",
    "meta-llama/Llama-3.1-8B-Instruct,small",
    "Qwen/Qwen2.5-7B-Instruct,small",
    "llama-3.3-70b,large",
    "HuggingFaceTB/SmolLM2-135M-Instruct,tiny",
    "qwen2.5-0.5b-instruct,tiny"
  })
  void modelsBelongToTheirClass(String model, String name) {
    assertThat(book.classOf(model)).map(ModelClass::name).contains(name);
  }

  @Test
  void everyMemberOfAClassCanBePriced() {
    CostModel model = new CostModel(book);
    assertThat(book.reference().classes())
        .extracting(ModelClass::name)
        .containsExactly("tiny", "small", "large");
    assertThat(book.reference().classes().stream().flatMap(c -> c.members().stream()))
        .allSatisfy(member -> assertThat(model.offers(List.of(member))).isNotEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o-2024-08-06,2027-01-14",
    "gpt-4o-mini-2024-07-18,2027-01-14",
    "gpt-4.1-2025-04-14,2027-01-14",
    "gpt-4.1-mini-2025-04-14,2027-01-14"
  })
  void openAisTunableModelsStopInJanuary(String model, LocalDate day) {
    EndDate end = book.endOf(model).orElseThrow();

    assertThat(end.date()).isEqualTo(day);
    assertThat(end.isAnnounced()).isTrue();
  }

  @Test
  void openAiTakesNoJobFromTheSixthOfJanuary() {
    assertThat(Books.provider(book, "openai").noNewJobs())
        .map(EndDate::date)
        .contains(LocalDate.parse("2027-01-06"));
  }

  @Test
  void geminisDatesAreTheEarliestNotTheAnnouncedOnes() {
    assertThat(book.endOf("gemini-3.5-flash").orElseThrow().isAnnounced()).isFalse();
    assertThat(book.endOf("gemini-2.5-flash").orElseThrow().isAnnounced()).isTrue();
    assertThat(book.endOf("llama-3.1-8b")).isEqualTo(Optional.empty());
  }

  @Test
  void statementsCarryTheirSourceAndTrainingIsApartFromCalling() {
    assertThat(book.reference().compliance())
        .isNotEmpty()
        .allSatisfy(fact -> assertThat(fact.source().text()).isNotBlank());
    assertThat(hipaa("training")).isEqualTo(Answer.NO);
    assertThat(hipaa("inference")).isEqualTo(Answer.CONDITIONAL);
  }

  @Test
  void whatNobodyFoundIsUnknownAndNeverANumber() {
    ManagedProvider vertex = Books.provider(book, "vertex");

    assertThat(vertex.models().values())
        .allSatisfy(model -> {
          assertThat(model.tariff().training().value()).isEmpty();
          assertThat(model.tariff().training().source().text()).isNotBlank();
          assertThat(model.end()).isPresent();
        });
    assertThat(vertex.limits())
        .containsKeys("max_tokens_per_example", "max_validation_examples", "max_adapter_size")
        .hasEntrySatisfying("min_examples", line -> assertThat(line.value()).isEmpty());
  }

  @Test
  void whatGoogleStatesOfTuningIsApartFromTheRest() {
    assertThat(book.reference().compliance())
        .filteredOn(fact -> fact.provider().equals("vertex"))
        .filteredOn(fact -> fact.endpoint().equals("training"))
        .extracting(ComplianceFact::capability, ComplianceFact::value)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("security-controls", Answer.CONDITIONAL),
            org.assertj.core.groups.Tuple.tuple("slo", Answer.NO));
  }

  private Answer hipaa(String endpoint) {
    return book.reference().compliance().stream()
        .filter(fact -> fact.provider().equals("openai"))
        .filter(fact -> fact.capability().equals("hipaa") && fact.endpoint().equals(endpoint))
        .map(ComplianceFact::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void noLineWasReadAfterTheBookWasWritten() {
    CostModel model = new CostModel(book);
    Comparison all = model.compare(model.offers(), Asking.requests(1000));

    assertThat(all.options())
        .flatExtracting(CostOption::prices)
        .allSatisfy(use -> {
          assertThat(use.source()).isNotBlank();
          assertThat(use.readOn()).isBeforeOrEqualTo(LocalDate.parse("2026-11-24"));
        });
  }

  @Test
  void theSectionsSpeedIsAboveTheGpusCeilingAndStaysInTheSectionsBook() {
    Offer.Own a100 =
        (Offer.Own)
            new CostModel(book)
                .offers(List.of("llama-3.1-8b")).stream()
                    .filter(offer -> offer.id().startsWith("runpod-a100/"))
                    .findFirst()
                    .orElseThrow();
    double ceiling =
        a100.place().gpu().orElseThrow().peakFlops().value().orElseThrow().doubleValue()
            / (4 * a100.tuned().parameters().value().orElseThrow().doubleValue());

    assertThat(ceiling).isBetween(9_712.0, 9_714.0);
    assertThat(a100.place().rate().trainingSpeed()).isEmpty();
  }
}

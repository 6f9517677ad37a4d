package io.tuneplane.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The section's table of providers, and today's.
class ProviderTableTest {

  private static final List<String> COLUMNS = List.of("openai", "vertex", "self_hosted");

  @Test
  void theSectionsTableIsTheSections() throws IOException {
    Path golden = Path.of(System.getProperty("tuneplane.golden", "../shared/seed/golden.json"));
    assumeTrue(Files.exists(golden), golden + " is not there");
    JsonNode table = JsonMapper.builder().build().readTree(golden.toFile()).path("provider_table");

    List<TableRow> rows = Books.shipped("section-13.4").reference().comparison();

    assertThat(table).hasSize(9);
    assertThat(rows).hasSameSizeAs(table);
    for (int i = 0; i < rows.size(); i++) {
      JsonNode expected = table.get(i);
      assertThat(rows.get(i).aspect()).isEqualTo(expected.path("aspect").asText());
      for (String column : COLUMNS) {
        assertThat(rows.get(i).byProvider())
            .as(rows.get(i).aspect())
            .containsEntry(column, expected.path(column).asText());
      }
    }
  }

  @Test
  void todaysTableHasEveryAspectOfTheSectionsWithASource() {
    List<TableRow> today = Books.shipped("book").reference().comparison();

    assertThat(today)
        .extracting(TableRow::aspect)
        .containsAll(
            Books.shipped("section-13.4").reference().comparison().stream()
                .map(TableRow::aspect)
                .toList());
    assertThat(today)
        .allSatisfy(row -> {
          assertThat(row.byProvider().keySet()).containsExactlyElementsOf(COLUMNS);
          assertThat(row.source().text()).isNotBlank();
        });
  }

  @Test
  void theAmountsOfTodaysTableAreThoseOfTheBook() {
    PriceBook book = Books.shipped("book");
    String words =
        book.reference().comparison().stream()
            .filter(row -> row.aspect().startsWith("Training cost"))
            .findFirst()
            .orElseThrow()
            .byProvider()
            .toString();

    for (Map.Entry<String, String> amount :
        Map.of("gpt-4o-mini", "45 USD", "gpt-4o", "375 USD", "gemini-3.5-flash", "unknown")
            .entrySet()) {
      assertThat(words).contains(amount.getValue());
      assertThat(training(book, amount.getKey())).isEqualTo(amount.getValue());
    }
  }

  private static String training(PriceBook book, String model) {
    return book.managed().values().stream()
        .flatMap(p -> p.models().values().stream())
        .filter(m -> m.id().equals(book.canonical(model)))
        .findFirst()
        .orElseThrow()
        .tariff()
        .training()
        .value()
        .map(price -> price.multiply(java.math.BigDecimal.valueOf(15)).toBigInteger() + " USD")
        .orElse("unknown");
  }
}

package io.tuneplane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tuneplane.api.BookCosts;
import io.tuneplane.api.InProcessData;
import io.tuneplane.cost.Measurements;
import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.job.PriceBookLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostCommandTest {

  private static final String[] SMALL = {
    "cost", "--examples", "10000", "--tokens-per-example", "500"
  };

  @TempDir private Path folder;

  private Ran run(String... args) {
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-24T09:00:00Z"));
    PriceBookLibrary library = new PriceBookLibrary(Optional.empty(), Optional.empty());
    return Ran.with(
        PartialApi.of(
            Map.of(
                "costs", new BookCosts(library, () -> Measurements.NONE, clock),
                "data",
                    new InProcessData(
                        name -> {
                          throw new AssertionError("no model is needed: " + name);
                        },
                        new CheckSettings.Resources(1, folder)))),
        args);
  }

  private static String[] with(String[] first, String... more) {
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  private static JsonNode json(Ran ran) throws JsonProcessingException {
    return new ObjectMapper().readTree(ran.out());
  }

  @Test
  void jsonIsTheSectionsFigures() throws JsonProcessingException {
    JsonNode answer = json(run("cost", "--book", "section-13.4", "-o", "json"));

    JsonNode mini = answer.get("options").get(0);
    assertThat(mini.get("provider").asText()).isEqualTo("OpenAI (gpt-4o-mini)");
    assertThat(mini.get("backend").asText()).isEqualTo("openai");
    assertThat(mini.get("training_usd").asText()).isEqualTo("45.00");
    assertThat(mini.get("monthly_usd").asText()).isEqualTo("27.00");
    assertThat(mini.get("annual_usd").asText()).isEqualTo("369.00");
    assertThat(mini.get("training_tokens").asLong()).isEqualTo(15_000_000L);
    JsonNode price = mini.get("prices").get(0);
    assertThat(price.get("item").asText()).endsWith("gpt-4o-mini.train_usd_per_million");
    assertThat(price.get("source").asText()).contains("13.4");
    assertThat(price.get("read_on").asText()).isEqualTo("2026-11-23");
    assertThat(price.get("stale").asBoolean()).isFalse();
    assertThat(answer.get("breakevens"))
        .extracting(b -> b.get("requests_per_month").asLong())
        .containsExactlyInAnyOrder(6_666_667L, 533_334L);
  }

  @Test
  void unknownAmountsAreNullInJsonAndWordsInTheTable() throws JsonProcessingException {
    String[] vertex = with(SMALL, "--model", "gemini-3.5-flash-lite");

    JsonNode option = json(run(with(vertex, "-o", "json"))).get("options").get(0);
    Ran table = run(vertex);

    assertThat(option.get("training_usd").isNull()).isTrue();
    assertThat(option.get("total_usd").isNull()).isTrue();
    assertThat(option.get("unknown").get(0).asText()).contains("tuning tokens was not seen");
    assertThat(table.out()).contains("unknown", "tuning tokens was not seen");
  }

  @Test
  void withoutAWorkloadServingIsLeftOutAndThatIsSaid() throws JsonProcessingException {
    String[] own = with(SMALL, "--model", "llama-3.1-8b", "--place", "runpod-a100");

    JsonNode option = json(run(with(own, "-o", "json"))).get("options").get(0);

    assertThat(option.get("monthly_usd").isNull()).isTrue();
    assertThat(option.get("annual_usd")).isEqualTo(option.get("training_usd"));
    assertThat(run(own).out()).contains("serving is left out");
  }

  @Test
  void breakevensAreToldInWords() {
    Ran ran = run("cost", "--book", "section-13.4");

    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .contains("is cheaper than OpenAI (gpt-4o), gpt-4o from 533,334 requests a month")
        .contains("$21,601.04");
  }

  @Test
  void whatIsMissingIsAUsageError() {
    Ran ran = run("cost", "--monthly-requests", "1000");

    assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("--examples", "--tokens-per-example");
  }

  @Test
  void wrongNumbersAreUsageErrorsThatSayWhatIsExpected() {
    assertThat(run(with(SMALL, "--monthly-requests", "9..5..7")).err())
        .contains("low <= likely <= high");
    assertThat(run(with(SMALL, "--monthly-requests", "1e400")).exit()).isEqualTo(ExitCode.USAGE);
    assertThat(run(with(SMALL, "--horizon", "0")).err()).contains("1 to 120 months");
    assertThat(run(with(SMALL, "--people-hours", "5")).err()).contains("go together");
    assertThat(run(with(SMALL, "--class", "huge")).err()).contains("tiny, small, large");
    assertThat(run(with(SMALL, "--place", "moon")).err()).contains("runpod-a100");
  }

  @Test
  void aBrokenPriceFileIsNamedWithItsLine() throws IOException {
    Path mine = folder.resolve("mine.yaml");
    Files.writeString(
        mine, "source: my contract\nread_on: 2026-11-24\nown:\n  local:\n    hourly_eur: 1\n");

    Ran ran = run(with(SMALL, "--book", mine.toString()));

    assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("mine.yaml:5", "hourly_eur", "hourly_usd");
  }

  @Test
  void anOwnPriceReplacesTheShippedOne() throws IOException {
    Path mine = folder.resolve("mine.yaml");
    Files.writeString(
        mine, "source: my contract\nread_on: 2026-11-24\nown: {runpod-a100: {hourly_usd: 1.00}}\n");

    JsonNode option =
        json(run(
                with(
                    SMALL,
                    "--book",
                    mine.toString(),
                    "--model",
                    "llama-3.1-8b",
                    "--place",
                    "runpod-a100",
                    "-o",
                    "json")))
            .get("options")
            .get(0);

    assertThat(option.get("prices"))
        .anySatisfy(price -> {
          assertThat(price.get("item").asText()).isEqualTo("own.runpod-a100.hourly_usd");
          assertThat(price.get("source").asText()).isEqualTo("my contract");
        });
  }

  @Test
  void thePageNeedsNothingFromAnywhere() throws IOException {
    Path page = folder.resolve("cost.html");

    Ran ran =
        run(
            with(
                SMALL,
                "--monthly-requests",
                "50000..100000..400000",
                "--input-tokens",
                "300",
                "--output-tokens",
                "150",
                "--html",
                page.toString()));

    assertThat(ran.exit()).isZero();
    assertThat(Files.readString(page))
        .contains("<svg", "prefers-color-scheme: dark", "default-src 'none'")
        .doesNotContain("<script", "<link", "<img", "url(http", "src=", "href=");
  }

  @Test
  void textOfUsersIsInertInThePageAndOnTheTerminal() throws IOException {
    Path mine = folder.resolve("mine.yaml");
    Files.writeString(
        mine,
        """
        source: "<script>alert(1)</script>"
        read_on: 2026-11-24
        own: {runpod-a100: {label: "<img src=x onerror=alert(1)> \\e[31m", hourly_usd: 1}}
        """);
    Path page = folder.resolve("cost.html");

    Ran ran = run(with(SMALL, "--book", mine.toString(), "--html", page.toString()));

    assertThat(Files.readString(page)).doesNotContain("<script", "<img").contains("&lt;script&gt;");
    assertThat(ran.out()).doesNotContain("\u001b");
  }

  @Test
  void aDataFileSaysHowMuchIsTrained() throws IOException {
    Path data = folder.resolve("train.jsonl");
    String line =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"},"
            + "{\"role\":\"assistant\",\"content\":\"Good morning to you\"}]}\n";
    Files.writeString(data, line + line.replace("Hello", "Good evening") + "{}\n");

    JsonNode asked =
        json(run("cost", data.toString(), "--model", "gpt-4o-mini", "-o", "json")).get("asked");

    assertThat(asked.get("training").get("examples").asLong()).isEqualTo(2);
    assertThat(asked.get("training").get("tokens").asLong()).isBetween(30L, 120L);
  }

  @Test
  void yamlHoldsTheSameAsJson() {
    assertThat(run("cost", "--book", "section-13.4", "-o", "yaml").out())
        .contains("provider: OpenAI (gpt-4o-mini)", "training_usd: \"45.00\"");
  }
}

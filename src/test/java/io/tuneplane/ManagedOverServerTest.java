package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import io.tuneplane.api.Json;
import io.tuneplane.backend.Impatient;
import io.tuneplane.backend.openai.FakeOpenAi;
import io.tuneplane.backend.openai.KeySource;
import io.tuneplane.backend.openai.OpenAiServing;
import io.tuneplane.backend.openai.OpenAiSettings;
import io.tuneplane.backend.openai.OpenAiTraining;
import io.tuneplane.backend.vertex.GooglePlace;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.job.Places;
import io.tuneplane.job.PriceBookLibrary;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Both managed places with their own clients, over a whole server, by the commands.
@Timeout(120)
class ManagedOverServerTest {

  private static final String OPENAI = "gpt-4o-mini-2024-07-18";
  private static final String GEMINI = "gemini-3.5-flash";

  @TempDir Path dir;
  private FakeOpenAi openai;
  private GooglePlace google;
  private Thread time;
  private ServerFixture server;
  private String data = "";

  @BeforeEach
  void start() throws IOException {
    openai = new FakeOpenAi(Instant.now());
    google = new GooglePlace(Files.createDirectories(dir.resolve("google")));
    Path prices = dir.resolve("prices.yaml");
    Files.writeString(prices, prices());
    server =
        new ServerFixture(
            dir, (_, _) -> places(), Map.of("TUNEPLANE_PRICE_BOOK_FILE", prices.toString()));
    time = Thread.ofVirtual().start(this::tick);
    Path file = dir.resolve("train.jsonl");
    Files.writeString(
        file,
        IntStream.range(0, 12)
            .mapToObj(i ->
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Where is order %d?\"},{\"role\":\"assistant\",\"content\":\"It is on its way, number %d.\"}]}"
                    .formatted(i, i))
            .collect(Collectors.joining("\n")));
    data = file.toString();
  }

  /// What the host takes that is not OpenAI's own: without it, its cost is unknown, and it comes
  /// last.
  private String prices() {
    return """
    source: the host's own list
    read_on: 2026-11-25
    managed:
      "%s":
        backend: openai
        models:
          %s:
            label: Our host (gpt-4o-mini)
            train_usd_per_million: 1
            input_usd_per_million: 1
            cached_input_usd_per_million: 1
            output_usd_per_million: 1
    """
        .formatted(openai.url().getAuthority(), OPENAI);
  }

  private void tick() {
    try {
      while (true) {
        Thread.sleep(50);
        openai.advance(Duration.ofSeconds(1));
        google.tick();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Backends places() {
    OpenAiSettings settings =
        new OpenAiSettings(
            openai.url(),
            Optional.empty(),
            Optional.empty(),
            List.of(OPENAI),
            Set.of(InetAddress.getLoopbackAddress()),
            Duration.ofMinutes(10),
            dir.resolve("openai"));
    KeySource key = () -> Optional.of(FakeOpenAi.KEY);
    InstantSource clock = InstantSource.system();
    return new Backends(
        new Places(
            List.of(
                new Impatient(
                    new OpenAiTraining(settings, key, ManagedOverServerTest::book, clock)),
                new Impatient(google.training())),
            List.of(
                new OpenAiServing(settings, key, ManagedOverServerTest::book, clock),
                google.serving())),
        List.of(),
        _ -> new TreeMap<>());
  }

  private static PriceBook book() {
    return new PriceBookLibrary(Optional.empty(), Optional.empty())
        .book(PriceBookLibrary.TODAY, LocalDate.parse("2026-11-25"));
  }

  @AfterEach
  void stop() {
    server.close();
    time.interrupt();
    openai.close();
    google.close();
  }

  private ServerFixture.Ran tune(String... more) {
    List<String> all = new ArrayList<>(List.of("tune", data));
    all.addAll(List.of(more));
    return server.run(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"openai, " + OPENAI + ", --seed, 7", "vertex, " + GEMINI + ", --adapter-size, 4"})
  void aModelIsTunedThereAndAnswers(String place, String model, String option, String value)
      throws IOException {
    ServerFixture.Ran tuned =
        tune(
            "--backend",
            place,
            "--model",
            model,
            option,
            value,
            "--suffix",
            "support",
            "-o",
            "json");

    JsonNode job = Json.mapper().readTree(tuned.out());
    assertThat(job.path("status").asText()).as(tuned.err()).isEqualTo("succeeded");
    assertThat(job.path("tuneplane").path("backend").asText()).isEqualTo(place);
    String name = job.path("fine_tuned_model").asText();
    assertThat(name).startsWith("ft:" + model + ":default:support:");
    assertThat(server.run("chat", name, "Where is order 3?").out()).contains("Where is order 3?");
    assertThat(server.run("audit", "list").out()).contains(place).contains("training");
  }

  @Test
  void theOfficialSdkNamesThePlaceInTheMetadata() throws Exception {
    OpenAIClient sdk =
        OpenAIOkHttpClient.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey(server.key())
            .responseValidation(true)
            .build();
    String file =
        sdk.files()
            .create(
                FileCreateParams.builder()
                    .file(Path.of(data))
                    .purpose(FilePurpose.FINE_TUNE)
                    .build())
            .id();
    FineTuningJob job =
        sdk.fineTuning()
            .jobs()
            .create(
                JobCreateParams.builder()
                    .model(GEMINI)
                    .trainingFile(file)
                    .metadata(
                        JobCreateParams.Metadata.builder()
                            .putAdditionalProperty("tuneplane.backend", JsonValue.from("vertex"))
                            .putAdditionalProperty("tuneplane.adapter_size", JsonValue.from("4"))
                            .build())
                    .build());
    while (!job.status().equals(FineTuningJob.Status.SUCCEEDED)) {
      assertThat(job.error()).isEmpty();
      Thread.sleep(100);
      job = sdk.fineTuning().jobs().retrieve(job.id());
    }

    assertThat(google.jobs()).isEqualTo(1);
    assertThat(job.fineTunedModel().orElseThrow()).startsWith("ft:" + GEMINI);
    sdk.close();
  }

  @Test
  void whatTheHostSaidOfAModelsEndIsShownWithModelAndJob() throws IOException {
    String name =
        Json.mapper()
            .readTree(tune("--backend", "openai", "--model", OPENAI, "-o", "json").out())
            .path("fine_tuned_model")
            .asText();
    String words = OPENAI + " stops on 2027-01-14, in ";

    assertThat(server.run("models").out()).contains(name).contains("2027-01-14").contains(words);
    assertThat(server.run("models", "get", name).out()).contains(words);
    String id =
        Json.mapper()
            .readTree(server.run("jobs", "list", "-o", "json").out())
            .path(0)
            .path("id")
            .asText();
    assertThat(server.run("jobs", "get", id).out()).contains("Note").contains(words);
    assertThat(server.run("jobs", "events", id).out()).contains(words);
    assertThat(server.run("backends").out()).contains(words);
  }

  @Test // F6
  void aClosedDoorSendsAnAutoJobElsewhereAndIsTold() throws Exception {
    openai.takesNoJob();

    ServerFixture.Ran ran = tune("--model", OPENAI, "--substitutes", "--detach", "-o", "json");
    String id = Json.mapper().readTree(ran.out()).path("id").asText();
    String events = "";
    while (!events.contains("Submitted to vertex") && !events.contains("The job failed")) {
      Thread.sleep(100);
      events = server.run("jobs", "events", id).out();
    }

    assertThat(events)
        .containsSubsequence(
            "Chosen: openai with " + OPENAI,
            "openai is closed",
            "Fine-tuning is no longer available for your organization.",
            "Chosen: vertex with ");
    assertThat(openai.created()).isZero();
    assertThat(google.jobs()).isEqualTo(1);
    assertThat(server.run("backends").out())
        .contains("Fine-tuning is no longer available for your organization.");
  }

  @Test // F6
  void aClosedDoorEndsAJobThatNamedThePlace() throws IOException {
    openai.takesNoJob();

    ServerFixture.Ran ran = tune("--backend", "openai", "--model", OPENAI, "-o", "json");

    JsonNode job = Json.mapper().readTree(ran.out());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(job.path("error").path("code").asText()).isEqualTo("training_not_available");
    assertThat(google.jobs()).isZero();
  }

  @ParameterizedTest // abuse 16
  @CsvSource({"openai, " + OPENAI, "vertex, " + GEMINI, "auto, " + OPENAI})
  void flaggedDataIsRefusedWithTheRuleBeforeAByteLeaves(String place, String model)
      throws IOException {
    ServerFixture.Ran dry =
        tune("--backend", place, "--model", model, "--flag", "hipaa", "--dry-run");
    ServerFixture.Ran ran =
        tune("--backend", place, "--model", model, "--flag", "hipaa", "-o", "json");

    assertThat(dry.exit()).isEqualTo(3);
    assertThat(ran.exit()).isEqualTo(3);
    assertThat(Json.mapper().readTree(ran.out()).path("error").path("message").asText())
        .contains("hipaa");
    assertThat(openai.exchanges()).noneMatch(e -> e.method().equals("POST"));
    assertThat(google.jobs()).isZero();
    assertThat(google.objects()).isZero();
  }

  @Test // abuse 16
  void theFlagStaysOnTheDataWhoeverAsksNext() {
    tune("--backend", "openai", "--model", OPENAI, "--flag", "hipaa");

    ServerFixture.Ran without = tune("--backend", "vertex", "--model", GEMINI);

    assertThat(without.exit()).isEqualTo(3);
    assertThat(google.objects()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-5-nano, does not exist",
    "vertex, gemini-2.5-flash, stopped on 2026-10-20",
    "vertex, " + OPENAI + ", does not take this job"
  })
  void aModelThatCanNotBeTunedThereIsToldBeforeAnythingIsSent(
      String place, String model, String words) {
    ServerFixture.Ran ran = tune("--backend", place, "--model", model);

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.out() + ran.err()).contains(words);
    assertThat(openai.exchanges()).noneMatch(e -> e.method().equals("POST"));
    assertThat(google.objects()).isZero();
  }

  @Test
  void anAdapterSizeThatGoogleHasNotIsToldBeforeAnythingIsSent() {
    ServerFixture.Ran ran = tune("--backend", "vertex", "--model", GEMINI, "--adapter-size", "3");

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.out() + ran.err()).contains("one of 1, 2, 4, 8, 16, not 3");
    assertThat(google.objects()).isZero();
    assertThat(google.jobs()).isZero();
  }

  @Test
  void aSuffixThatIsTooLongIsToldBeforeAnythingIsSent() {
    ServerFixture.Ran ran =
        tune("--backend", "openai", "--model", OPENAI, "--suffix", "s".repeat(65));

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.out() + ran.err()).contains("suffix").contains("64");
    assertThat(openai.exchanges()).noneMatch(e -> e.method().equals("POST"));
  }
}

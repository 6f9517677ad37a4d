package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tuneplane.backend.FakeBackend;
import io.tuneplane.backend.FakePlace;
import io.tuneplane.backend.openai.FakeOpenAi;
import io.tuneplane.backend.openai.KeySource;
import io.tuneplane.backend.openai.OpenAiHistory;
import io.tuneplane.backend.openai.OpenAiServing;
import io.tuneplane.backend.openai.OpenAiSettings;
import io.tuneplane.backend.openai.OpenAiTraining;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.job.Places;
import io.tuneplane.job.PriceBookLibrary;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
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

/// An account at OpenAI is taken over and moved on, by the commands, over a whole server.
@Timeout(120)
class ImportOverServerTest {

  private static final String OLD = "gpt-4o-mini-2024-07-18";
  private static final String NEW = "gemini-3.5-flash-lite";

  @TempDir Path dir;
  private FakeOpenAi account;
  private ServerFixture server;
  private String job = "";

  @BeforeEach
  void start() throws IOException {
    account = new FakeOpenAi(Instant.now());
    String training = account.addFile("train.jsonl", examples(20));
    String validation = account.addFile("held-out.jsonl", examples(4));
    job =
        account.addJob(
            JsonMapper.builder()
                .build()
                .readTree(
                    """
                    {"model": "%s", "training_file": "%s", "validation_file": "%s", "suffix": "support",
                     "seed": 5, "method": {"type": "supervised", "supervised":
                       {"hyperparameters": {"n_epochs": 2, "batch_size": 4,
                         "learning_rate_multiplier": 1.8}}}}
                    """
                        .formatted(OLD, training, validation)),
            6,
            Optional.empty());
    account.advance(Duration.ofMinutes(1));
    server = new ServerFixture(dir, this::places);
  }

  private Backends places(FakePlace place) {
    OpenAiSettings settings =
        new OpenAiSettings(
            account.url(),
            Optional.empty(),
            Optional.empty(),
            List.of(OLD),
            Set.of(InetAddress.getLoopbackAddress()),
            Duration.ofMinutes(10),
            dir.resolve("openai"));
    KeySource key = () -> Optional.of(FakeOpenAi.KEY);
    InstantSource clock = InstantSource.system();
    FakeBackend vertex = ServerFixture.managed("vertex", NEW, place);
    return new Backends(
        new Places(
            List.of(new OpenAiTraining(settings, key, ImportOverServerTest::book, clock), vertex),
            List.of(new OpenAiServing(settings, key, ImportOverServerTest::book, clock), vertex)),
        List.of(new OpenAiHistory(settings, key)),
        _ -> new TreeMap<>());
  }

  @AfterEach
  void stop() {
    server.close();
    account.close();
  }

  @Test
  void jobsAreImportedAndShownAmongTheOthers() throws Exception {
    JsonNode first = json(server.run("import", "openai", "-o", "json"));
    JsonNode again = json(server.run("import", "openai", "-o", "json"));

    assertThat(first.path("files").asInt()).isEqualTo(2);
    assertThat(first.path("jobs").path(0).path("outcome").asText()).isEqualTo("added");
    assertThat(again.path("jobs").path(0).path("outcome").asText()).isEqualTo("unchanged");
    JsonNode shown = json(server.run("jobs", "get", job, "-o", "json"));
    assertThat(shown.path("status").asText()).isEqualTo("succeeded");
    assertThat(shown.path("tuneplane").path("phase").asText()).isEqualTo("imported");
    assertThat(server.run("jobs", "list").out()).contains(job);
    assertThat(server.run("jobs", "cancel", job).exit()).isNotZero();
  }

  @Test
  void theOldModelAnswersAndIsTunedAgainElsewhere() throws Exception {
    server.run("import", "openai");
    String old =
        json(server.run("jobs", "get", job, "-o", "json")).path("fine_tuned_model").asText();

    ServerFixture.Ran chat = server.run("chat", old, "where is it");
    ServerFixture.Ran tuned =
        server.run(
            "tune",
            "--like",
            job,
            "--backend",
            "vertex",
            "--model",
            NEW,
            "--record-parity",
            "3",
            "--confirm-terms",
            "-o",
            "json");

    assertThat(chat.out()).contains("You said: where is it");
    assertThat(tuned.err())
        .contains("learning_rate_multiplier auto (was 1.8)", "n_epochs 2")
        .contains("Kept what the old model answers to 3 prompts in file-");
    assertThat(json(tuned).path("status").asText()).isEqualTo("succeeded");
    assertThat(json(tuned).path("tuneplane").path("backend").asText()).isEqualTo("vertex");
    String fresh = json(tuned).path("fine_tuned_model").asText();
    assertThat(server.run("chat", fresh, "where is it").out()).isNotBlank();
  }

  @Test
  void answersAreNotKeptWithoutAWordOnTheTerms() {
    server.run("import", "openai");

    ServerFixture.Ran refused =
        server.run(
            "tune", "--like", job, "--backend", "vertex", "--model", NEW, "--record-parity", "3");

    assertThat(refused.exit()).isNotZero();
    assertThat(refused.err()).contains("--confirm-terms");
    assertThat(account.exchanges()).noneMatch(e -> e.path().equals("/chat/completions"));
  }

  private static PriceBook book() {
    return new PriceBookLibrary(Optional.empty(), Optional.empty())
        .book(PriceBookLibrary.TODAY, LocalDate.parse("2026-11-25"));
  }

  private static JsonNode json(ServerFixture.Ran ran) throws IOException {
    assertThat(ran.out()).as(ran.err()).isNotBlank();
    return JsonMapper.builder().build().readTree(ran.out());
  }

  private static byte[] examples(int count) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            "{\"messages\":[{\"role\":\"user\",\"content\":\"question %d\"},{\"role\":\"assistant\",\"content\":\"answer %d\"}]}\n"
                .formatted(i, i))
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }
}

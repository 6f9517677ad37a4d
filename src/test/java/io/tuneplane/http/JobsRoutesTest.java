package io.tuneplane.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.access.Role;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Jobs over HTTP.
class JobsRoutesTest {

  private static final String JOBS = "/v1/fine_tuning/jobs";

  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aJobHasEveryFieldOfOpenAisAndOurs() {
    JsonNode job =
        create(
                "{\"model\":\"smollm2-135m-instruct\",\"training_file\":\"file-1\",\"suffix\":\"s\","
                    + "\"seed\":7,\"method\":{\"type\":\"supervised\",\"supervised\":{"
                    + "\"hyperparameters\":{\"n_epochs\":3,\"batch_size\":\"auto\","
                    + "\"learning_rate_multiplier\":1.8}}},"
                    + "\"metadata\":{\"team\":\"a\",\"tuneplane.backend\":\"local\"}}")
            .json();

    assertThat(job.path("status").asText()).isEqualTo("validating_files");
    assertThat(job.path("hyperparameters").toString())
        .isEqualTo("{\"n_epochs\":3,\"batch_size\":\"auto\",\"learning_rate_multiplier\":1.8}");
    assertThat(job.path("method").path("type").asText()).isEqualTo("supervised");
    assertThat(job.path("seed").asInt()).isEqualTo(7);
    assertThat(job.path("metadata").path("team").asText()).isEqualTo("a");
    assertThat(job.path("integrations").isArray()).isTrue();
    for (String field : List.of("error", "fine_tuned_model", "finished_at", "trained_tokens")) {
      assertThat(job.has(field)).isTrue();
      assertThat(job.get(field).isNull()).describedAs(field).isTrue();
    }
    assertThat(job.path("tuneplane").path("phase").asText()).isEqualTo("validating");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"training_file\":\"f\" | model | invalid_value",
        "\"model\":\"m\" | training_file | invalid_value",
        "\"model\":5,\"training_file\":\"f\" | model | invalid_value",
        "\"model\":\"m\",\"training_file\":\"file-unknown\" | training_file | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"suffix\":\"a b\" | suffix | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"seed\":-1 | seed | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"seed\":1e400 | seed | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"integrations\":[{\"type\":\"wandb\"}] | integrations | unsupported",
        "\"model\":\"m\",\"training_file\":\"f\",\"method\":{\"type\":\"reinforcement\"} | method.type | unsupported",
        "\"model\":\"m\",\"training_file\":\"f\",\"method\":{\"type\":\"sft\"} | method.type | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"method\":{} | method.type | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"hyperparameters\":{\"n_epochs\":0} | hyperparameters.n_epochs | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"hyperparameters\":{\"n_epochs\":51} | hyperparameters.n_epochs | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"hyperparameters\":{\"n_epochs\":2.5} | hyperparameters.n_epochs | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"hyperparameters\":{\"batch_size\":257} | hyperparameters.batch_size | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"hyperparameters\":{\"learning_rate_multiplier\":0} | hyperparameters.learning_rate_multiplier | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"hyperparameters\":{\"learning_rate_multiplier\":1e400} | hyperparameters.learning_rate_multiplier | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"hyperparameters\":{\"epochs\":3} | hyperparameters.epochs | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"hyperparameters\":{\"beta\":0.1} | hyperparameters.beta | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"method\":{\"type\":\"dpo\",\"dpo\":{\"hyperparameters\":{\"beta\":9}}} | method.dpo.hyperparameters.beta | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"metadata\":{\"a\":1} | metadata.a | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"metadata\":{\"tuneplane.bakend\":\"x\"} | metadata.tuneplane.bakend | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"metadata\":{\"tuneplane.budget_usd\":\"1e999999999\"} | metadata.tuneplane.budget_usd | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"metadata\":{\"tuneplane.lora_rank\":\"0\"} | metadata.tuneplane.lora_rank | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"metadata\":{\"tuneplane.backend\":\"../x\"} | metadata.tuneplane.backend | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"base_url\":\"http://localhost\" | base_url | invalid_value",
        "\"model\":\"m\",\"training_file\":\"f\",\"api_key\":\"sk\" | api_key | invalid_value"
      })
  void whatIsWrongIsNamed(String fields, String param, String code) {
    TestServer.Reply reply = create("{" + fields + "}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo(param);
    assertThat(reply.error().path("code").asText()).isEqualTo(code);
    assertThat(reply.error().path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(reply.error().path("message").asText()).contains(param);
    assertThat(server.jobs.count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "./model", "../../models/x.gguf"})
  void aPathOnTheServerIsAnAdministratorsAlone(String path) {
    String body = "{\"model\":\"%s\",\"training_file\":\"f\"}".formatted(path);
    TestServer.Reply refused = create(body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().path("param").asText()).isEqualTo("model");
    assertThat(server.post(JOBS, TestServer.key(Role.ADMIN, "default"), body).status())
        .isEqualTo(200);
  }

  @Test
  void sixteenLabelsAreKeptAndSeventeenRefused() {
    assertThat(create(body(16)).status()).isEqualTo(200);
    assertThat(create(body(17)).error().path("param").asText()).isEqualTo("metadata");
  }

  private static String body(int labels) {
    StringBuilder metadata = new StringBuilder("\"tuneplane.backend\":\"local\"");
    for (int i = 0; i < labels; i++) {
      metadata.append(",\"k%d\":\"v\"".formatted(i));
    }
    return "{\"model\":\"m\",\"training_file\":\"f\",\"metadata\":{" + metadata + "}}";
  }

  @Test
  void fieldsThatOpenAiDoesNotNameArePassedOver() {
    assertThat(
            create("{\"model\":\"m\",\"training_file\":\"f\",\"unheard_of\":{\"a\":1}}").status())
        .isEqualTo(200);
  }

  @Test
  void pagesCoverTheListOnceAndLabelsNarrowIt() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(
          create(
                  "{\"model\":\"m\",\"training_file\":\"f\",\"metadata\":{\"even\":\"%s\"}}"
                      .formatted(i % 2 == 0))
              .json()
              .path("id")
              .asText());
    }

    assertThat(ids(JOBS + "?limit=2")).isEqualTo(made.reversed());
    assertThat(ids(JOBS + "?limit=2&metadata%5Beven%5D=true"))
        .containsExactly(made.get(4), made.get(2), made.get(0));
    assertThat(ids(JOBS + "?limit=2&metadata%5Beven%5D=false"))
        .containsExactly(made.get(3), made.get(1));
    assertThat(server.get(JOBS + "?limit=0", TestServer.trainer()).status()).isEqualTo(400);
    assertThat(server.get(JOBS + "?limit=x", TestServer.trainer()).status()).isEqualTo(400);
    assertThat(server.get(JOBS + "?metadata=null", TestServer.trainer()).status()).isEqualTo(400);
  }

  @Test
  void eventsArePagedNewestFirstAndCheckpointsNamed() {
    String id = server.job();
    server.jobs.succeed(id);
    String path = JOBS + "/" + id;

    List<String> events = ids(path + "/events?limit=3");
    assertThat(events).hasSize(MemoryJobs.EVENTS).doesNotHaveDuplicates();
    assertThat(events.getFirst()).isEqualTo("ftevent-" + id.substring(6) + "-7");
    assertThat(server.get(path + "/events?after=ftevent-other-1", TestServer.trainer()).status())
        .isEqualTo(400);
    JsonNode page = server.get(path + "/events", TestServer.trainer()).json();
    assertThat(page.findValuesAsText("type")).containsOnly("metrics", "message");
    assertThat(ids(path + "/checkpoints?limit=2"))
        .containsExactly("ftckpt_30", "ftckpt_20", "ftckpt_10");
    assertThat(
            server
                .get(path + "/checkpoints", TestServer.trainer())
                .json()
                .findValuesAsText("fine_tuned_model_checkpoint"))
        .contains("ft:smollm2-135m-instruct:default::ab12cd34:ckpt-step-30");
  }

  private List<String> ids(String path) {
    List<String> ids = new ArrayList<>();
    String after = "";
    boolean more = true;
    while (more) {
      JsonNode page = server.get(path + after, TestServer.trainer()).json();
      page.path("data").forEach(element -> ids.add(element.path("id").asText()));
      more = page.path("has_more").asBoolean();
      after = "&after=" + page.path("last_id").asText();
    }
    return ids;
  }

  @Test
  void aPausedJobIsQueuedAndSaysSo() {
    String path = JOBS + "/" + server.job();

    JsonNode paused = act(path + "/pause").json();
    assertThat(paused.path("status").asText()).isEqualTo("queued");
    assertThat(paused.path("tuneplane").path("paused").asBoolean()).isTrue();
    assertThat(act(path + "/resume").json().path("status").asText()).isEqualTo("running");
    assertThat(act(path + "/cancel").json().path("status").asText()).isEqualTo("cancelled");
    assertThat(act(path + "/cancel").status()).isEqualTo(400);
  }

  private TestServer.Reply act(String path) {
    return server.send(
        server
            .request(path, TestServer.trainer())
            .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
  }

  @Test
  void eventsAreFollowedFromWhereAReaderLeftOffToTheJobsEnd() throws Exception {
    String id = server.job();
    var response =
        server
            .client()
            .send(
                server
                    .request("/api/v1/jobs/" + id + "/events", TestServer.trainer())
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", "4")
                    .build(),
                BodyHandlers.ofInputStream());
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (line.equals("id: 7")) {
          server.jobs.succeed(id);
        }
      }
    }

    assertThat(lines.stream().filter(line -> line.startsWith("id: ")))
        .containsExactly("id: 5", "id: 6", "id: 7");
    assertThat(lines).contains("event: end");
    assertThat(lines.stream().filter(line -> line.startsWith("data: ")).toList().getLast())
        .contains("\"status\":\"succeeded\"");
  }

  @Test
  void eventsInFullComeAsAPageToo() {
    String id = server.job();
    JsonNode page =
        server.get("/api/v1/jobs/" + id + "/events?before=3&limit=5", TestServer.trainer()).json();

    assertThat(page.findValuesAsText("seq")).containsExactly("2", "1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/uploads",
        "/v1/fine_tuning/alpha/graders/run",
        "/v1/fine_tuning/checkpoints/x/permissions"
      })
  void whatIsNotOfferedIs400Unsupported(String path) {
    TestServer.Reply reply = server.post(path, TestServer.key(Role.ADMIN, "default"), "{}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("code").asText()).isEqualTo("unsupported");
  }

  private TestServer.Reply create(String body) {
    return server.post(JOBS, TestServer.trainer(), body);
  }
}

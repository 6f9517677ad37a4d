package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an administrator of one organisation can't ask of a server that is another one's.
@Timeout(120)
class OrganisationsTest {

  @TempDir Path dir;
  private ServerFixture server;
  private String foreign = "";

  @BeforeEach
  void start() throws IOException {
    server = new ServerFixture(dir);
    String[] create = {"keys", "create", "--role", "admin", "--name", "acme", "-o", "json"};
    String[] forOther = java.util.Arrays.copyOf(create, create.length + 2);
    forOther[create.length] = "--organisation";
    forOther[create.length + 1] = "acme";
    foreign = Json.mapper().readTree(server.run(forOther).out()).path("key").asText();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void refused(String... command) {
    ServerFixture.Ran ran = server.runWith(foreign, command);

    assertThat(ran.exit()).as(ran.err()).isEqualTo(4);
    assertThat(ran.err())
        .contains("Only an administrator of the installation's own organisation, default")
        .contains("The key that was sent is that of a test.");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void theAuditLogOfTheWholeServerIsItsOwnAdministrators() {
    refused("audit", "list");
    refused("audit", "verify");

    assertThat(server.run("audit", "list").exit()).isZero();
    assertThat(server.run("audit", "verify").exit()).isZero();
  }

  @Test
  void aModelOfAnotherOrganisationIsNotThere() {
    assertThat(server.runWith(foreign, "models", "delete", "ft:x:default::abcd1234").exit())
        .isEqualTo(1);
    assertThat(server.runWith(foreign, "models", "deployments", "-o", "json").out().strip())
        .isEqualTo("[ ]");
  }

  /// The matrix is made from `/openapi.json`: a route that is added later is in it.
  @Test
  void everyRouteThatNamesSomethingSaysToOthersThatItIsNotThere() throws Exception {
    Map<String, String> ours = ours();
    int asked = 0;
    for (var path :
        Json.mapper()
            .readTree(answer("GET", "/openapi.json", foreign).body())
            .get("paths")
            .properties()) {
      String named = path.getKey();
      for (Map.Entry<String, String> id : ours.entrySet()) {
        named = named.replace("{" + id.getKey() + "}", id.getValue());
      }
      if (named.equals(path.getKey()) || named.startsWith("/runner/")) {
        continue;
      }
      assertThat(named).as("an id of ours for every name").doesNotContain("{");
      for (var method : path.getValue().properties()) {
        HttpResponse<String> reply =
            answer(method.getKey().toUpperCase(Locale.ROOT), named, foreign);
        assertThat(reply.statusCode()).as(method.getKey() + " " + named).isEqualTo(404);
        assertThat(reply.body()).doesNotContain("train.jsonl", "order");
        asked++;
      }
    }
    assertThat(asked).isGreaterThanOrEqualTo(15);
    for (String list :
        List.of(
            "/v1/files",
            "/v1/fine_tuning/jobs",
            "/v1/models",
            "/api/v1/deployments",
            "/api/v1/keys",
            "/api/v1/provider-keys")) {
      String all = answer("GET", list, foreign).body();
      assertThat(all).as(list).doesNotContain(ours.values()).doesNotContain("ft:");
    }
    assertThat(answer("GET", "/v1/files/" + ours.get("file_id"), server.key()).statusCode())
        .isEqualTo(200);
  }

  /// A file, a job, a model, a decision and a key of `default`, by the names that routes have.
  private Map<String, String> ours() throws IOException {
    Path data =
        Files.writeString(
            dir.resolve("train.jsonl"),
            IntStream.range(0, 20)
                .mapToObj(i ->
                    """
                    {"messages":[{"role":"user","content":"Where is order %d?"},\
                    {"role":"assistant","content":"It is on its way, number %d."}]}\
                    """
                        .formatted(i, i))
                .collect(Collectors.joining("\n")));
    JsonNode job =
        Json.mapper()
            .readTree(
                server
                    .run("tune", data.toString(), "--model", ServerFixture.MODEL, "-o", "json")
                    .out());
    JsonNode keys = Json.mapper().readTree(server.run("keys", "list", "-o", "json").out());
    return Map.of(
        "file_id", job.path("training_file").asText(),
        "job_id", job.path("id").asText(),
        "model", job.path("fine_tuned_model").asText(),
        "decision_id", job.at("/tuneplane/decision_id").asText(),
        "key_id", keys.at("/0/id").asText(),
        "name", "openai");
  }

  private HttpResponse<String> answer(String method, String path, String key)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(
                method,
                method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }

  @Test
  void nobodyElseGivesLeaveForTheServersDataToGo() {
    String[] attest = {
      "attestations", "add", "--who", "me", "--from", "2026-11-01", "--until", "2099-01-01",
      "--document", "BAA", "--flag", "hipaa", "--destination", "openai", "--endpoint", "training"
    };
    refused(attest);

    assertThat(server.run("attestations", "list", "-o", "json").out().strip()).isEqualTo("[ ]");
    assertThat(server.run(attest).exit()).isZero();
  }
}

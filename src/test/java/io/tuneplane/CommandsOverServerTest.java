package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import io.tuneplane.backend.FakeScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The commands against a whole server: store, engine, HTTP and keys as they are, and a fake place.
@Timeout(120)
class CommandsOverServerTest {

  @TempDir Path dir;
  private ServerFixture server;
  private String data = "";

  @BeforeEach
  void start() throws IOException {
    server = new ServerFixture(dir);
    Path file = dir.resolve("train.jsonl");
    Files.writeString(
        file,
        IntStream.range(0, 20)
            .mapToObj(i ->
                """
                {"messages":[{"role":"user","content":"Where is order %d?"},\
                {"role":"assistant","content":"It is on its way, number %d."}]}\
                """
                    .formatted(i, i))
            .collect(Collectors.joining("\n")));
    data = file.toString();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ServerFixture.Ran tune(String... more) {
    List<String> all =
        new java.util.ArrayList<>(List.of("tune", data, "--model", ServerFixture.MODEL));
    all.addAll(List.of(more));
    return server.run(all.toArray(String[]::new));
  }

  @Test
  void tunePrintsTheJobOnceItHasEnded() throws IOException {
    ServerFixture.Ran ran = tune("--suffix", "support", "-o", "json");

    assertThat(ran.err()).contains("Created fine-tuning job");
    JsonNode job = Json.mapper().readTree(ran.out());
    assertThat(job.get("status").asText()).as(ran.err()).isEqualTo("succeeded");
    assertThat(job.get("fine_tuned_model").asText()).contains(":support:");
    assertThat(ran.exit()).isZero();

    String id = job.get("id").asText();
    assertThat(server.run("jobs", "get", id, "-o", "json").out()).contains(id);
    assertThat(server.run("jobs", "list").out()).contains(id).contains("succeeded");
    assertThat(server.run("jobs", "wait", id).exit()).isZero();
    assertThat(server.run("models").out()).contains(job.get("fine_tuned_model").asText());
  }

  @Test
  void aModelIsAskedShownInServiceAndDeletedWithItsDeployment() throws IOException {
    JsonNode job = Json.mapper().readTree(tune("-o", "json").out());
    String model = job.get("fine_tuned_model").asText();

    assertThat(server.run("models", "deployments").out()).contains(model).contains("idle");
    assertThat(server.run("chat", model, "hi").exit()).isZero();
    JsonNode deployed =
        Json.mapper().readTree(server.run("models", "deployments", "-o", "json").out());
    assertThat(deployed.findValuesAsText("model")).contains(model);
    assertThat(deployed.findValuesAsText("state")).containsOnlyOnce("ready").contains("idle");
    assertThat(server.place().deployments()).isEqualTo(1);

    ServerFixture.Ran deleted = server.run("models", "delete", model, "-o", "json");
    assertThat(deleted.exit()).as(deleted.err()).isZero();
    assertThat(deleted.out()).contains("\"deleted\" : true").contains("\"object\" : \"model\"");
    assertThat(server.place().deployments()).isZero();
    assertThat(server.run("models").out()).doesNotContain(model + " ");
    assertThat(server.run("chat", model, "hi").err()).contains("there is no model");
    assertThat(server.run("models", "delete", model).exit()).isEqualTo(1);
    ServerFixture.Ran base = server.run("models", "delete", "smollm2-135m-instruct");
    assertThat(base.exit()).isEqualTo(1);
    assertThat(base.err()).contains("is a base model");
  }

  @Test
  void detachComesBackAtOnceAndTheEventsCanBeFollowed() throws IOException {
    ServerFixture.Ran ran = tune("--detach", "-o", "json");
    String id = Json.mapper().readTree(ran.out()).get("id").asText();

    ServerFixture.Ran followed = server.run("jobs", "events", id, "--follow", "-o", "json");

    assertThat(ran.exit()).isZero();
    assertThat(followed.exit()).isZero();
    List<Long> numbers =
        followed.out().lines().map(CommandsOverServerTest::seq).collect(Collectors.toList());
    assertThat(numbers)
        .isEqualTo(IntStream.rangeClosed(1, numbers.size()).mapToObj(Long::valueOf).toList());
    JsonNode all = Json.mapper().readTree(server.run("jobs", "events", id, "-o", "json").out());
    assertThat(all).hasSize(numbers.size());
  }

  private static long seq(String line) {
    try {
      return Json.mapper().readTree(line).get("seq").asLong();
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @Test
  void followingSurvivesARestartOfTheServerWithoutLosingOrDoublingAnEvent() throws Exception {
    server.place().nextRun(FakeScript.SUCCEEDS);
    String id = Json.mapper().readTree(tune("--detach", "-o", "json").out()).get("id").asText();
    CompletableFuture<ServerFixture.Ran> following =
        CompletableFuture.supplyAsync(
            () -> server.run("jobs", "events", id, "--follow", "-o", "json"));
    Thread.sleep(300);
    server.restart();

    ServerFixture.Ran followed = following.get(60, TimeUnit.SECONDS);

    assertThat(followed.exit()).as(followed.err()).isZero();
    List<Long> numbers = followed.out().lines().map(CommandsOverServerTest::seq).toList();
    assertThat(numbers)
        .isEqualTo(IntStream.rangeClosed(1, numbers.size()).mapToObj(Long::valueOf).toList());
    assertThat(server.place().runs()).isEqualTo(1);
  }

  @Test
  void flaggedDataIsRefusedWithThree() {
    ServerFixture.Ran ran = tune("--flag", "hipaa");

    assertThat(ran.exit()).isEqualTo(3);
    assertThat(server.place().runs()).isZero();
  }

  @Test
  void aDryRunStartsNothingAndLeavesNothing() {
    ServerFixture.Ran ran = tune("--dry-run", "-o", "json");

    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).contains("\"inputs_digest\"");
    assertThat(server.run("jobs", "list").out()).contains("No jobs yet");
    assertThat(server.run("files", "list", "-o", "json").out().strip()).isEqualTo("[ ]");
  }

  @Test
  void aFileThatIsNotThereAndAValueOutOfRangeAreSaidBeforeAnythingIsSent() {
    ServerFixture.Ran missing = server.run("tune", dir.resolve("none.jsonl").toString());
    ServerFixture.Ran wrong = tune("--epochs", "99");

    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err()).contains("there is no file");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.err()).contains("must be 1 to 50");
  }

  @Test
  void keysAreMadeUsedAndTakenBack() throws IOException {
    ServerFixture.Ran made =
        server.run("keys", "create", "--role", "viewer", "--name", "ci", "-o", "json");
    JsonNode key = Json.mapper().readTree(made.out());
    String secret = key.get("key").asText();

    assertThat(key.fieldNames()).toIterable().containsExactly("id", "key", "role", "expires_at");
    assertThat(server.runWith(secret, "jobs", "list").exit()).isZero();
    ServerFixture.Ran refused = server.runWith(secret, "keys", "list");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(4);

    assertThat(server.run("keys", "revoke", key.get("id").asText()).exit()).isZero();
    ServerFixture.Ran revoked = server.runWith(secret, "jobs", "list");
    assertThat(revoked.exit()).isEqualTo(4);
    assertThat(revoked.err()).contains("key");
    assertThat(server.run("keys", "list").out()).contains("revoked").doesNotContain(secret);
  }

  @Test
  void aJobThatHasEndedCanNotBeCancelled() throws IOException {
    String id = Json.mapper().readTree(tune("-o", "json").out()).get("id").asText();

    ServerFixture.Ran cancelled = server.run("jobs", "cancel", id);

    assertThat(cancelled.exit()).isEqualTo(1);
    assertThat(cancelled.err()).contains("succeeded");
    assertThat(server.run("jobs", "cancel", "ftjob-none").err()).contains("there is no job");
  }

  @Test
  void theAuditLogIsWholeAfterwards() {
    tune();

    assertThat(server.run("audit", "verify").exit()).isZero();
    assertThat(server.run("audit", "list").out()).contains("egress");
  }
}

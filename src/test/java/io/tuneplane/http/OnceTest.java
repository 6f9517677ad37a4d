package io.tuneplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.access.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that are sent more than once.
class OnceTest {

  private static final String JOB = "{\"model\":\"m\",\"training_file\":\"file-1\"}";

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
  void aHundredAtOnceUnderOneKeyMakeOneJob() throws Exception {
    List<TestServer.Reply> replies = atOnce(100, () -> create(JOB, "Idempotency-Key", "k-1"));

    assertThat(replies).allSatisfy(reply -> assertThat(reply.status()).isEqualTo(200));
    assertThat(ids(replies)).hasSize(1);
    assertThat(server.jobs.count()).isEqualTo(1);
  }

  @Test
  void anotherBodyUnderTheSameKeyIs422() {
    create(JOB, "Idempotency-Key", "k-1");
    TestServer.Reply other = create(JOB.replace("file-1", "file-2"), "Idempotency-Key", "k-1");

    assertThat(other.status()).isEqualTo(422);
    assertThat(other.error().path("code").asText()).isEqualTo("idempotency_key_reused");
    assertThat(server.jobs.count()).isEqualTo(1);
  }

  @Test
  void aFailedRequestLeavesItsKeyFree() {
    assertThat(create("{\"model\":\"m\"}", "Idempotency-Key", "k-1").status()).isEqualTo(400);
    assertThat(create(JOB, "Idempotency-Key", "k-1").status()).isEqualTo(200);
  }

  @Test
  void aKeyOfOneCallerIsNotAnothersKey() {
    create(JOB, "Idempotency-Key", "k-1");
    TestServer.Reply admins =
        server.send(
            server
                .request("/v1/fine_tuning/jobs", TestServer.key(Role.ADMIN, "default"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k-1")
                .POST(BodyPublishers.ofString(JOB)));

    assertThat(admins.status()).isEqualTo(200);
    assertThat(server.jobs.count()).isEqualTo(2);
  }

  @Test
  void aRetryOfAnSdkWithoutAKeyIsKnownByItsBody() {
    TestServer.Reply first = create(JOB, "x-stainless-retry-count", "0");
    TestServer.Reply retry = create(JOB, "x-stainless-retry-count", "1");
    TestServer.Reply second = create(JOB, "x-stainless-retry-count", "2");

    assertThat(ids(List.of(first, retry, second))).hasSize(1);
    assertThat(server.jobs.count()).isEqualTo(1);
  }

  @Test
  void retriesThatOvertakeTheirFirstAttemptMakeOneJob() throws Exception {
    atOnce(20, () -> create(JOB, "x-stainless-retry-count", "1"));

    assertThat(server.jobs.count()).isEqualTo(1);
  }

  @Test
  void anAnswerThatWasGivenBeforeSaysSo() {
    TestServer.Reply first = create(JOB, "Idempotency-Key", "k-1");
    TestServer.Reply again = create(JOB, "Idempotency-Key", "k-1");

    assertThat(first.header("Idempotent-Replayed")).isEmpty();
    assertThat(again.header("Idempotent-Replayed")).contains("true");
    assertThat(again.json()).isEqualTo(first.json());
  }

  @Test
  void theSameRequestWithoutAKeyIsAnotherJob() {
    assertThat(ids(List.of(create(JOB), create(JOB)))).hasSize(2);
  }

  @Test
  void aRetryWithAnotherBodyIsAnotherJob() {
    create(JOB, "x-stainless-retry-count", "0");
    create(JOB.replace("file-1", "file-2"), "x-stainless-retry-count", "1");

    assertThat(server.jobs.count()).isEqualTo(2);
  }

  @Test
  void aNewKeyIsShownOnceAndNeverKept() {
    String body = "{\"name\":\"n\",\"role\":\"trainer\"}";
    TestServer.Reply made = keys(body);
    TestServer.Reply again = keys(body);

    assertThat(made.json().path("key").asText()).isEqualTo(FakeKeys.SECRET);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text()).doesNotContain(FakeKeys.SECRET);
    assertThat(server.replies.all()).doesNotContain(FakeKeys.SECRET);
    assertThat(server.get("/api/v1/keys", TestServer.key(Role.ADMIN, "default")).json()).hasSize(1);
  }

  private TestServer.Reply keys(String body) {
    return server.send(
        server
            .request("/api/v1/keys", TestServer.key(Role.ADMIN, "default"))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "k-1")
            .POST(BodyPublishers.ofString(body)));
  }

  @Test
  void anAnswerOfAModelIsNeverKept() {
    server.send(
        server
            .request("/v1/chat/completions", TestServer.trainer())
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "k-1")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"CANARY\"}]}")));

    assertThat(server.replies.all()).doesNotContain("CANARY", "Hello");
  }

  @Test
  void aKeyThatIsNoneIs400() {
    assertThat(create(JOB, "Idempotency-Key", "k".repeat(256)).status()).isEqualTo(400);
    assertThat(create(JOB, "Idempotency-Key", "a b").status()).isEqualTo(400);
  }

  private TestServer.Reply create(String body, String... headers) {
    var request =
        server
            .request("/v1/fine_tuning/jobs", TestServer.trainer())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return server.send(headers.length == 0 ? request : request.headers(headers));
  }

  private static Set<String> ids(List<TestServer.Reply> replies) {
    return replies.stream()
        .map(reply -> reply.json().path("id").asText())
        .collect(Collectors.toSet());
  }

  private static <T> List<T> atOnce(int count, Callable<T> call) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> all = IntStream.range(0, count).mapToObj(_ -> threads.submit(call)).toList();
      List<T> results = new java.util.ArrayList<>();
      for (Future<T> future : all) {
        results.add(future.get());
      }
      return results;
    }
  }
}

package io.tuneplane.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.RemoteRunners.Wish;
import io.tuneplane.http.TestServer.Reply;
import io.tuneplane.store.SmallDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A runner's contract over HTTP, as bytes: `docs/runner-http.md`.
@Timeout(60)
class RunnerRoutesTest {

  private static final String WORD = "runner-0123456789";
  private static final String OTHER = "runner-abcdefghij";

  @TempDir Path folder;
  private TestServer server;
  private RunnerRun run;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(folder);
    run = new RunnerRun(server, folder, "mark-1", 1);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theWorkHasTheJobWithPathsOfTheRunnersFolderAndItsFiles() {
    JsonNode work = run.post("/attempts", 0, "{\"runner\":\"%s\"}".formatted(WORD)).json();

    assertThat(work.path("attempt").asInt()).isEqualTo(1);
    assertThat(work.at("/job/attempt").asInt()).isEqualTo(1);
    assertThat(work.at("/job/base_model/path").asText()).isEqualTo("base");
    assertThat(work.path("files").findValuesAsText("path"))
        .containsExactly("train.jsonl", "base/config.json", "base/model.safetensors");
    assertThat(work.at("/files/2/sha256").asText()).isEqualTo(RunnerRun.sha256("weights"));
    assertThat(work.at("/files/2/bytes").asLong()).isEqualTo(7);
    assertThat(work.path("checkpoint").isNull()).isTrue();
    assertThat(work.at("/events/next").asLong()).isEqualTo(1);
    assertThat(work.toString()).doesNotContain("/secret/place").doesNotContain(folder.toString());
  }

  @Test
  void anotherPodOfTheRunSeesTheWorkWithoutBeginningAnAttempt() {
    run.begin(WORD);

    assertThat(run.get("").json().path("attempt").asInt()).isEqualTo(1);
    assertThat(run.post("/events", 1, "").status()).isEqualTo(200);
  }

  @Test
  void aFileComesWholeOrFromAByteOn() {
    Reply rest =
        server.send(
            run.request("/files/base/model.safetensors", 1).header("Range", "bytes=4-").GET());

    assertThat(run.get("/files/train.jsonl").text()).isEqualTo(RunnerRun.TRAIN);
    assertThat(rest.status()).isEqualTo(206);
    assertThat(rest.text()).isEqualTo("hts");
    assertThat(rest.header("content-range")).isEqualTo("bytes 4-6/7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job.json",
        "base/pytorch_model.bin",
        "base/../job.json",
        "..%2fmark-2%2ftrain.jsonl",
        "%2e%2e/mark-2/train.jsonl",
        "%252e%252e/x",
        "..%5c..%5cx",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "train.jsonl%00",
        "base",
        "checkpoints/step-1/state.json"
      })
  void onlyWhatIsListedCanBeFetched(String name) {
    assertThat(run.get("/files/" + name).status()).isIn(400, 404);
  }

  @Test
  void eventsAreStoredOnceInOrderAndAGapIsRefused() throws IOException {
    int attempt = run.begin(WORD);
    String two = RunnerRun.message(1, attempt) + RunnerRun.message(2, attempt);

    assertThat(run.post("/events", attempt, two).json().path("next").asLong()).isEqualTo(3);
    assertThat(
            run.post("/events", attempt, two + RunnerRun.message(3, attempt))
                .json()
                .path("next")
                .asLong())
        .isEqualTo(4);
    Reply gap = run.post("/events", attempt, RunnerRun.message(5, attempt));
    assertThat(gap.status()).isEqualTo(409);
    assertThat(gap.error().path("code").asText()).isEqualTo("sequence");
    assertThat(gap.error().path("next").asLong()).isEqualTo(4);
    assertThat(run.folder.resolve("events.jsonl"))
        .content()
        .isEqualTo(two + RunnerRun.message(3, attempt));
  }

  @Test
  void aLineThatACrashCutShortIsTakenAway() throws IOException {
    int attempt = run.begin(WORD);
    run.post("/events", attempt, RunnerRun.message(1, attempt));
    Path events = run.folder.resolve("events.jsonl");
    Files.writeString(events, Files.readString(events) + "{\"seq\":2,\"att");

    assertThat(run.get("").json().at("/events/next").asLong()).isEqualTo(2);
    run.post("/events", attempt, RunnerRun.message(2, attempt));
    assertThat(events)
        .content()
        .isEqualTo(RunnerRun.message(1, attempt) + RunnerRun.message(2, attempt));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no json\n",
        "[]\n",
        "{\"seq\":1}\n",
        "{\"seq\":1,\"attempt\":7,\"at\":\"2026-01-01T00:00:00Z\",\"type\":\"message\"}\n",
        "{\"seq\":1,\"attempt\":1,\"at\":\"now\",\"type\":\"message\"}\n",
        "{\"seq\":1,\"attempt\":1,\"at\":\"2026-01-01T00:00:00Z\",\"type\":\"shell\"}\n",
        "{\"seq\":1,\"attempt\":1,\"at\":\"2026-01-01T00:00:00Z\",\"type\":\"checkpoint\",\"step\":1,\"path\":\"../../x\"}\n",
        "{\"seq\":1,\"attempt\":1,\"at\":\"2026-01-01T00:00:00Z\",\"type\":\"result\",\"files\":[{\"path\":\"../x.json\"}]}\n",
        "{\"seq\":1,\"attempt\":1,\"at\":\"2026-01-01T00:00:00Z\",\"type\":\"message\"}"
      })
  void whatIsNoEventOfThisAttemptIs400AndNotKept(String line) {
    int attempt = run.begin(WORD);

    assertThat(run.post("/events", attempt, line).status()).isEqualTo(400);
    assertThat(run.folder.resolve("events.jsonl")).doesNotExist();
  }

  @Test
  void aWishIsToldWithTheNextAnswer() {
    int attempt = run.begin(WORD);

    assertThat(run.post("/events", attempt, "").json().path("wish").asText()).isEqualTo("run");
    server.runners.ask(run.mark, Wish.STOP);
    assertThat(run.post("/events", attempt, "").json().path("wish").asText()).isEqualTo("stop");
    server.runners.ask(run.mark, Wish.CANCEL);
    assertThat(run.post("/events", attempt, "").json().path("wish").asText()).isEqualTo("cancel");
  }

  @Test
  void aStaleAttemptCanWriteNothing() throws IOException {
    int stale = run.begin(WORD);
    run.put("/uploads/step-2/state.json", stale, 0, "{");
    int newest = run.begin(OTHER);

    assertThat(newest).isEqualTo(stale + 1);
    for (Reply reply :
        new Reply[] {
          run.post("/events", stale, RunnerRun.message(1, stale)),
          run.put("/uploads/step-2/state.json", stale, 1, "}"),
          run.arrived("/uploads/step-2/state.json", stale),
          run.checkpoint(stale, 4, "w", 0),
          run.post(
              "/uploads/result",
              stale,
              "{\"files\":{\"metrics.csv\":\"%s\"}}".formatted("0".repeat(64)))
        }) {
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.error().path("code").asText()).isEqualTo("stale_attempt");
    }
    assertThat(run.folder.resolve("checkpoints")).doesNotExist();
    assertThat(run.folder.resolve(".uploads")).doesNotExist();
    assertThat(run.checkpoint(newest, 4, "w", 0).status()).isEqualTo(200);
  }

  @Test
  void theSameRunnerBeginsItsAttemptOnce() {
    assertThat(run.begin(WORD)).isEqualTo(1);
    assertThat(run.begin(WORD)).isEqualTo(1);
    assertThat(run.begin(OTHER)).isEqualTo(2);
    assertThat(run.begin(WORD)).isEqualTo(3);
  }

  @Test
  void aFileArrivesInPieces() {
    int attempt = run.begin(WORD);
    String path = "/uploads/step-1/optimizer.safetensors";

    assertThat(run.put(path, attempt, 0, "abc").json().path("bytes").asLong()).isEqualTo(3);
    assertThat(run.arrived(path, attempt).json().path("bytes").asLong()).isEqualTo(3);
    Reply wrong = run.put(path, attempt, 2, "x");
    assertThat(wrong.status()).isEqualTo(409);
    assertThat(wrong.error().path("code").asText()).isEqualTo("offset");
    assertThat(wrong.error().path("bytes").asLong()).isEqualTo(3);
    assertThat(run.put(path, attempt, 3, "de").json().path("bytes").asLong()).isEqualTo(5);
  }

  @Test
  void whatCameOfABrokenPieceStays() throws IOException {
    int attempt = run.begin(WORD);
    String path = "/uploads/step-1/optimizer.safetensors";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "PUT %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTuneplane-Attempt: %d\r\nUpload-Offset: 0\r\nContent-Length: 100\r\n\r\nabc"
              .formatted(run.path(path), run.token, attempt)
              .getBytes(UTF_8));
      out.flush();
      awaitArrived(path, attempt);
    }
    Reply rest = run.put(path, attempt, 3, "def");
    for (int i = 0; i < 100 && rest.error().path("code").asText().equals("busy"); i++) {
      pause();
      rest = run.put(path, attempt, 3, "def");
    }
    assertThat(rest.json().path("bytes").asLong()).isEqualTo(6);
  }

  private void awaitArrived(String path, int attempt) {
    while (run.arrived(path, attempt).json().path("bytes").asLong() < 3) {
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void aCheckpointIsThereOnlyOnceItIsWhole() {
    int attempt = run.begin(WORD);
    run.put("/uploads/step-1/state.json", attempt, 0, "{}");
    String manifest =
        "{\"format\":1,\"files\":{\"state.json\":\"%s\",\"optimizer.safetensors\":\"%s\"}}"
            .formatted(RunnerRun.sha256("{}"), RunnerRun.sha256("right"));

    Reply missing = run.post("/uploads/step-1", attempt, manifest);
    assertThat(missing.status()).isEqualTo(409);
    assertThat(missing.error().path("file").asText()).isEqualTo("optimizer.safetensors");
    run.put("/uploads/step-1/optimizer.safetensors", attempt, 0, "wrong");
    assertThat(run.post("/uploads/step-1", attempt, manifest).error().path("code").asText())
        .isEqualTo("incomplete");
    assertThat(run.folder.resolve("checkpoints")).doesNotExist();
    assertThat(
            run.arrived("/uploads/step-1/optimizer.safetensors", attempt)
                .json()
                .path("bytes")
                .asLong())
        .isZero();
    run.put("/uploads/step-1/optimizer.safetensors", attempt, 0, "right");
    assertThat(run.post("/uploads/step-1", attempt, manifest).status()).isEqualTo(200);
    assertThat(run.folder.resolve("checkpoints/step-1/manifest.json"))
        .content()
        .isEqualTo(manifest);
    assertThat(run.post("/uploads/step-1", attempt, manifest).status()).isEqualTo(200);
  }

  @Test
  void theNewestWholeCheckpointIsGivenAndAnAlteredOneIsPassedOver() throws IOException {
    int attempt = run.begin(WORD);
    run.checkpoint(attempt, 2, "two", 2);
    run.checkpoint(attempt, 4, "four", 4);

    assertThat(run.get("").json().at("/checkpoint/step").asLong()).isEqualTo(4);
    assertThat(run.get("/files/checkpoints/step-4/adapter/adapter_model.safetensors").text())
        .isEqualTo("four");
    Files.writeString(
        run.folder.resolve("checkpoints/step-4/adapter/adapter_model.safetensors"), "f0ur!");
    JsonNode work = run.get("").json();
    assertThat(work.at("/checkpoint/step").asLong()).isEqualTo(2);
    assertThat(work.at("/checkpoint/files").findValuesAsText("path"))
        .contains("checkpoints/step-2/manifest.json");
  }

  @Test
  void keptAreTheLastTwoAndThoseOfTheLastThreeEpochs() throws IOException {
    int attempt = run.begin(WORD);
    for (int step = 1; step <= 12; step++) {
      assertThat(run.checkpoint(attempt, step, "w" + step, step % 2).status()).isEqualTo(200);
    }
    try (Stream<Path> kept = Files.list(run.folder.resolve("checkpoints"))) {
      assertThat(kept.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("step-12", "step-11", "step-10", "step-8");
    }
  }

  @Test
  void aResultIsToldOnlyOnceItsFilesAreThere() {
    int attempt = run.begin(WORD);
    String event =
        "{\"seq\":1,\"attempt\":1,\"at\":\"2026-01-01T00:00:00Z\",\"type\":\"result\",\"files\":[{\"path\":\"metrics.csv\",\"sha256\":\"%s\"}]}\n"
            .formatted(RunnerRun.sha256("step\n"));

    assertThat(run.post("/events", attempt, event).error().path("code").asText())
        .isEqualTo("result_missing");
    run.put("/uploads/result/metrics.csv", attempt, 0, "step\n");
    assertThat(
            run.post(
                    "/uploads/result",
                    attempt,
                    "{\"files\":{\"metrics.csv\":\"%s\"}}".formatted(RunnerRun.sha256("step\n")))
                .status())
        .isEqualTo(200);
    assertThat(run.post("/events", attempt, event).status()).isEqualTo(200);
    assertThat(run.folder.resolve("metrics.csv")).content().isEqualTo("step\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "step-1/../../job.json",
        "step-1/%2e%2e/%2e%2e/job.json",
        "step-1/..%2f..%2fjob.json",
        "step-1/a/b/c/d/e.json",
        "step-1/pytorch_model.bin",
        "step-1/state.pt",
        "step-1/weights.pkl",
        "step-1/.hidden.json",
        "step-1/manifest.json",
        "step-1/a%00.json",
        "step-1/a%5cb.json",
        "step-x/state.json",
        "step--1/state.json",
        "..%2f/state.json",
        "result/job.json",
        "result/events.jsonl",
        "result/train.jsonl"
      })
  void whatIsNoFileOfASetCantBeSent(String name) throws IOException {
    int attempt = run.begin(WORD);

    assertThat(run.put("/uploads/" + name, attempt, 0, "x").status()).isIn(400, 404);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "train.jsonl",
              "job.json",
              "config.json",
              "model.safetensors",
              "pytorch_model.bin",
              "mark-1.json",
              "mark-1.lock",
              "secret.key");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"files\":{}}", "{\"files\":{\"state.json\":\"x\"}}", "[1]"})
  void whatIsNoManifestIs400(String manifest) {
    int attempt = run.begin(WORD);

    assertThat(run.post("/uploads/step-1", attempt, manifest).status()).isEqualTo(400);
  }

  @Test
  void aSetHasABoundedNumberOfFiles() {
    int attempt = run.begin(WORD);
    for (int i = 0; i < 64; i++) {
      assertThat(run.put("/uploads/step-1/f%d.json".formatted(i), attempt, 0, "x").status())
          .isEqualTo(200);
    }

    assertThat(run.put("/uploads/step-1/more.json", attempt, 0, "x").status()).isEqualTo(413);
    assertThat(run.put("/uploads/step-1/f1.json", attempt, 1, "x").status()).isEqualTo(200);
  }

  @Test
  void aFullDiskIs507AndTellsSoBeforeAnythingIsLost() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "256k")) {
      RunnerRun small = new RunnerRun(server, disk.folder(), "small", 1);
      int attempt = small.begin(WORD);
      assertThat(small.post("/events", attempt, RunnerRun.message(1, attempt)).status())
          .isEqualTo(200);

      Reply full = small.put("/uploads/step-1/state.json", attempt, 0, "x".repeat(1 << 20));
      assertThat(full.status()).isEqualTo(507);
      assertThat(small.post("/events", attempt, longMessage(attempt)).status()).isEqualTo(507);
      assertThat(small.folder.resolve("events.jsonl"))
          .content()
          .isEqualTo(RunnerRun.message(1, attempt));
      Files.delete(small.folder.resolve(".uploads/attempt-1/step-1/state.json"));
      assertThat(small.post("/events", attempt, longMessage(attempt)).status()).isEqualTo(200);
    }
  }

  private static String longMessage(int attempt) {
    return RunnerRun.message(2, attempt).replace("n2", "n".repeat(50_000));
  }

  @Test
  void aBatchOfEventsIsBounded() {
    int attempt = run.begin(WORD);

    assertThat(run.post("/events", attempt, "x".repeat((1 << 20) + 1)).status()).isEqualTo(413);
  }

  @Test
  void headersAreNeededAndAreNumbers() {
    run.begin(WORD);

    assertThat(
            server
                .send(server.request(run.path("/events"), run.token).POST(BodyPublishers.noBody()))
                .status())
        .isEqualTo(400);
    assertThat(
            server
                .send(
                    server
                        .request(run.path("/uploads/step-1/state.json"), run.token)
                        .header("Tuneplane-Attempt", "1")
                        .header("Upload-Offset", "-1")
                        .PUT(BodyPublishers.ofString("x")))
                .status())
        .isEqualTo(400);
  }
}

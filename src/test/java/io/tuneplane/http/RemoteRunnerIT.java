package io.tuneplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.RemoteRunners.Wish;
import io.tuneplane.runner.train.StopRequest;
import io.tuneplane.runner.train.TrainCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `runner remote` as a process against a real server: a tiny model is really trained, in folders
/// that have nothing in common with the server's, as pods have them.
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RemoteRunnerIT {

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

  private RemoteRun run(String mark, int epochs) throws IOException {
    return RemoteRun.make(server, folder, mark, epochs);
  }

  @Test
  void killedAgainAndAgainItEndsWhereAnUnbrokenRunOnOneDiskDoes() throws Exception {
    RemoteRun whole = run("whole", 2);
    assertThat(
            new TrainCommand(whole.folder, InstantSource.system(), new StopRequest())
                .run()
                .number())
        .isZero();
    RemoteRun killed = run("killed", 2);
    Random random = new Random(7);
    for (int pod = 1; pod <= 2; pod++) {
      int least = killed.events().size() + 4 + random.nextInt(4);
      try (Pod victim = killed.pod("pod-" + pod, server.url())) {
        killed.awaitEvents(victim, least);
        victim.kill();
      }
    }
    long saved = killed.savedStep();
    try (Pod last = killed.pod("pod-last", server.url())) {
      assertThat(last.exit()).as(last.words()).isZero();
    }

    assertThat(killed.adapter()).isEqualTo(whole.adapter());
    assertThat(Files.readString(killed.folder.resolve("golden.jsonl")))
        .isEqualTo(Files.readString(whole.folder.resolve("golden.jsonl")));
    assertThat(Files.readString(killed.folder.resolve("metrics.csv")))
        .isEqualTo(Files.readString(whole.folder.resolve("metrics.csv")));
    List<JsonNode> events = killed.events();
    assertThat(events.stream().map(e -> e.path("seq").asLong()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(events.getLast().path("type").asText()).isEqualTo("result");
    assertThat(events.getLast().path("attempt").asInt()).isEqualTo(3);
    if (saved > 0) {
      assertThat(killed.texts()).contains("goes on from checkpoints/step-" + saved);
    }
  }

  @Test
  void onSigtermItsCheckpointIsSentBeforeItEnds() throws Exception {
    RemoteRun run = run("asked", 50);
    try (Pod pod = run.pod("pod", server.url())) {
      run.awaitEvents(pod, 4);
      pod.terminate();
      assertThat(pod.exit()).as(pod.words()).isEqualTo(143);
    }
    long trained = run.events("metrics").getLast().path("step").asLong();

    assertThat(run.events().getLast().path("text").asText()).isEqualTo("stopped: SIGTERM");
    assertThat(run.savedStep()).isEqualTo(trained).isPositive();
  }

  @Test
  void whatTheControlPlaneWantsIsDone() throws Exception {
    RemoteRun run = run("wished", 50);
    try (Pod pod = run.pod("pod", server.url())) {
      run.awaitEvents(pod, 4);
      server.runners.ask("wished", Wish.STOP);
      assertThat(pod.exit()).as(pod.words()).isEqualTo(143);
    }
    assertThat(run.events().getLast().path("text").asText())
        .isEqualTo("stopped: the control plane");
    assertThat(run.savedStep()).isPositive();
  }

  @Test
  void aStaleTwinEndsAndHasWrittenNothingSince() throws Exception {
    RemoteRun run = run("twins", 50);
    try (Pod first = run.pod("pod-1", server.url())) {
      run.awaitEvents(first, 4);
      int newest = run.begin("runner-0123456789");
      List<JsonNode> before = run.events();
      assertThat(first.exit()).isEqualTo(20);

      assertThat(first.words()).contains("attempt " + newest + " has begun since");
      assertThat(run.events()).isEqualTo(before);
    }
  }

  @Test
  void whileTheServerIsAwayItGoesOnTrainingAndCatchesUp() throws Exception {
    RemoteRun run = run("patient", 12);
    int port = server.port();
    try (Pod pod = run.pod("pod", server.url())) {
      run.awaitEvents(pod, 3);
      server.close();
      int known = run.events().size();
      while (pod.steps() < known + 10) {
        Thread.sleep(50);
      }
      assertThat(run.events()).hasSize(known);
      server = TestServer.start(folder, TestServer.settings(1 << 20, port));
      assertThat(pod.exit()).as(pod.words()).isZero();
    }
    assertThat(run.events("metrics")).hasSize(72);
    assertThat(run.events().getLast().path("type").asText()).isEqualTo("result");
    assertThat(run.folder.resolve("adapter/adapter_model.safetensors")).isRegularFile();
  }

  @Test
  void anInputThatIsNotWhatWasListedIsRefused() throws Exception {
    RemoteRun run = run("altered", 1);
    run.begin("runner-0123456789");
    Path weights = run.model.resolve("model.safetensors");
    FileTime before = Files.getLastModifiedTime(weights);
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    Files.setLastModifiedTime(weights, before);

    try (Pod pod = run.pod("pod", server.url())) {
      assertThat(pod.exit()).isEqualTo(20);
      assertThat(pod.words()).contains("base/model.safetensors has another digest");
    }
    assertThat(run.events().getLast().path("text").asText())
        .contains("base/model.safetensors has another digest");
    assertThat(run.events().getLast().path("code").asText()).isEqualTo("try_again");
  }

  @Test
  void theTokenOfAnotherRunIsRefused() throws Exception {
    RemoteRun run = run("mine", 1);
    RemoteRun other = run("other", 1);
    try (Pod pod = run.pod("pod", server.url(), other.token)) {
      assertThat(pod.exit()).isEqualTo(10);
      assertThat(pod.words()).contains("invalid_token").doesNotContain(other.token);
    }
    assertThat(run.folder.resolve("events.jsonl")).doesNotExist();
  }

  @Test
  void overTlsItTrustsTheNamedAuthorityAlone() throws Exception {
    HttpServer.TlsFiles tls = SelfSigned.in(folder);
    try (TestServer secure = TestServer.start(folder.resolve("secure"), tls)) {
      RemoteRun run = RemoteRun.make(secure, folder.resolve("secure"), "tls", 1);
      try (Pod stranger =
          run.pod("stranger", Pod.JAVA, secure.url(), Map.of("TUNEPLANE_PATIENCE_SECONDS", "2"))) {
        assertThat(stranger.exit()).isEqualTo(20);
        assertThat(stranger.words()).contains("can't be reached");
      }
      Map<String, String> trusting = Map.of("TUNEPLANE_CA_FILE", tls.certificate().toString());
      try (Pod pod = run.pod("pod", Pod.JAVA, secure.url(), trusting)) {
        assertThat(pod.exit()).as(pod.words()).isZero();
      }
      assertThat(run.events().getLast().path("type").asText()).isEqualTo("result");
    }
  }

  @Test
  void aTokenNeverGoesOverAnOpenConnectionToAnotherMachine() throws Exception {
    RemoteRun run = run("open", 1);
    try (Pod pod = run.pod("pod", "http://192.0.2.1:80")) {
      assertThat(pod.exit()).isEqualTo(10);
      assertThat(pod.words()).contains("TUNEPLANE_URL: must be https://");
    }
  }
}

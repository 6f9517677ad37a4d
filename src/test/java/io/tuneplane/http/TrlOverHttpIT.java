package io.tuneplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The trainer on TRL (`gpu-images/trl`) against the real server, over HTTP. Its Python is the one
/// that `TUNEPLANE_TRL_PYTHON` names; `.ci/trl` makes one.
@Tag("heavy")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class TrlOverHttpIT {

  private static final String PYTHON = System.getenv().getOrDefault("TUNEPLANE_TRL_PYTHON", "");

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PYTHONPATH",
          Path.of("gpu-images", "trl").toAbsolutePath().toString(),
          "CUDA_VISIBLE_DEVICES",
          "");

  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    assumeTrue(!PYTHON.isEmpty(), "TUNEPLANE_TRL_PYTHON names no Python with the trainer's parts");
    server = TestServer.start(folder);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private Pod pod(RemoteRun run, String name) throws Exception {
    List<String> runner = List.of(PYTHON, "-m", "tuneplane_trl", "remote");
    return run.pod(name, runner, server.url(), ENVIRONMENT);
  }

  @Test
  void killedAndDoubledItEndsWhereAnUnbrokenRunDoes() throws Exception {
    RemoteRun whole = RemoteRun.make(server, folder, "whole", 2);
    try (Pod pod = pod(whole, "pod")) {
      assertThat(pod.exit()).as(pod.words()).isZero();
    }
    RemoteRun killed = RemoteRun.make(server, folder, "killed", 2);
    try (Pod first = pod(killed, "pod-1")) {
      killed.awaitEvents(first, 6);
      first.kill();
    }
    try (Pod stale = pod(killed, "pod-2")) {
      killed.awaitEvents(stale, killed.events().size() + 3);
      try (Pod last = pod(killed, "pod-3")) {
        assertThat(last.exit()).as(last.words()).isZero();
      }
      assertThat(stale.exit()).isIn(0, 20);
    }

    assertThat(killed.adapter()).isEqualTo(whole.adapter());
    assertThat(Files.readString(killed.folder.resolve("golden.jsonl")))
        .isEqualTo(Files.readString(whole.folder.resolve("golden.jsonl")));
    List<JsonNode> events = killed.events();
    assertThat(events.stream().map(e -> e.path("seq").asLong()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, events.size()).boxed().toList());
    assertThat(events.getLast().path("type").asText()).isEqualTo("result");
  }
}

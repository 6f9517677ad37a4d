package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import io.tuneplane.backend.openai.FakeOpenAi;
import io.tuneplane.cli.Cli;
import io.tuneplane.cli.Terminal;
import io.tuneplane.client.ServerFile;
import io.tuneplane.client.ServerLock;
import io.tuneplane.http.SelfSigned;
import io.tuneplane.store.SmallDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `serve`, and the server that a command starts, as processes of their own.
@Timeout(240)
class ServeProcessIT {

  @TempDir Path home;

  private Path dataDir() {
    return home.resolve("data");
  }

  private TunedProcess serve(Map<String, String> environment, Path data, String... more)
      throws IOException {
    String[] start = {"serve", "--port", "0", "--data-dir", data.toString()};
    String[] all = java.util.Arrays.copyOf(start, start.length + more.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    return TunedProcess.start(home, environment, all);
  }

  /// What a command of this process printed, its exit code in front.
  private static String command(String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream all = new PrintStream(printed, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(InputStream.nullInputStream(), all, all, false, false, 100);
    int exit =
        new Cli(terminal, Client::connect, (_, _, _) -> {}, InstantSource.system()).run(arguments);
    return exit + ": " + printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aServerIsFoundHeldAgainstOthersAndLeavesACleanStateWhenItIsAskedToEnd() throws Exception {
    try (TunedProcess server =
        serve(Map.of(), dataDir(), "--host", "0.0.0.0", "--insecure-plain-http")) {
      assertThat(server.url()).startsWith("http://127.0.0.1:");
      assertThat(command("jobs", "list", "--data-dir", dataDir().toString()))
          .startsWith("0: No jobs yet");
      try (TunedProcess second = serve(Map.of(), dataDir())) {
        assertThat(second.end()).isEqualTo(1);
        assertThat(second.err()).contains("another server holds").contains("kill ");
      }

      server.signal("TERM");
      server.end();
    }
    assertThat(ServerFile.read(dataDir())).isEmpty();
    ServerLock.take(dataDir(), Thread::sleep).close();
    try (var left = Files.list(dataDir())) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".new") || name.endsWith("-wal"));
    }
  }

  @Test
  void aServerWithACertificateIsFoundByItsOwnCommandsAndRefusedByTheUnknowing() throws Exception {
    SelfSigned own = SelfSigned.in(Files.createDirectories(home), "RSA", "dns:tuneplane.example");
    Map<String, String> tls =
        Map.of(
            "TUNEPLANE_SERVER_TLS_CERT", own.certificate().toString(),
            "TUNEPLANE_SERVER_TLS_KEY", own.key().toString());
    try (TunedProcess server = serve(tls, dataDir(), "--host", "0.0.0.0")) {
      String url = server.url();

      assertThat(url).startsWith("https://127.0.0.1:");
      assertThat(command("jobs", "list", "--data-dir", dataDir().toString()))
          .startsWith("0: No jobs yet");
      assertThat(command("jobs", "list", "--url", url))
          .startsWith("1: ")
          .contains("no safe connection to " + url);
    }
  }

  @Test
  void aCertificateThatCanNotBeUsedIsSaidWithItsSetting() throws Exception {
    Path garbage = Files.writeString(home.resolve("garbage.pem"), "nothing\n");
    Map<String, String> tls =
        Map.of(
            "TUNEPLANE_SERVER_TLS_CERT", garbage.toString(),
            "TUNEPLANE_SERVER_TLS_KEY", garbage.toString());
    try (TunedProcess server = serve(tls, dataDir())) {
      assertThat(server.end()).isEqualTo(2);
      assertThat(server.err()).contains("server.tls_cert").contains("no certificate");
    }
    assertThat(ServerFile.read(dataDir())).isEmpty();
  }

  @Test
  void aDirectoryThatIsReadOnlyOrFullIsSaidInWords() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(home.resolve("small"), "256k")) {
      Path filler = disk.folder().resolve("filler");
      Files.write(filler, new byte[200 * 1024]);
      try (TunedProcess server = serve(Map.of(), disk.folder().resolve("data"))) {
        assertThat(server.end()).isEqualTo(1);
        assertThat(server.err()).containsIgnoringCase("full").doesNotContain("this is a bug");
      }
      disk.makeReadOnly();
      try (TunedProcess server = serve(Map.of(), disk.folder().resolve("other"))) {
        assertThat(server.end()).isEqualTo(1);
        assertThat(server.err())
            .contains(disk.folder().toString())
            .containsIgnoringCase("read-only")
            .doesNotContain("this is a bug");
      }
    }
  }

  @Test
  void aServerWithNothingToDoEndsByItself() throws Exception {
    try (TunedProcess server = serve(Map.of(), dataDir(), "--idle-exit", "1s")) {
      server.url();

      assertThat(server.end()).isZero();
    }
    assertThat(ServerFile.read(dataDir())).isEmpty();
  }

  @Test
  void controlCStopsTheWatchingAndNeitherTheJobNorTheServer() throws Exception {
    try (FakeOpenAi host = new FakeOpenAi(Instant.now())) {
      Map<String, String> environment = new HashMap<>();
      environment.put("TUNEPLANE_OPENAI_BASE_URL", host.url().toString());
      environment.put("TUNEPLANE_OPENAI_API_KEY", FakeOpenAi.KEY);
      environment.put("TUNEPLANE_OPENAI_MODELS", "gpt-4o-mini-2024-07-18");
      environment.put("TUNEPLANE_OPENAI_PRIVATE_ADDRESSES", "127.0.0.1");
      String[] tune = {
        "tune",
        data(),
        "--model",
        "gpt-4o-mini-2024-07-18",
        "--backend",
        "openai",
        "--data-dir",
        dataDir().toString()
      };
      try (TunedProcess watching = TunedProcess.start(home, environment, tune)) {
        watching.await(() -> host.created() > 0);
        watching.signal("INT");

        assertThat(watching.end()).isEqualTo(130);
        assertThat(watching.err()).contains("goes on without you").contains("--follow");
      }
      ServerFile server = ServerFile.read(dataDir()).orElseThrow();
      assertThat(server.lives()).isTrue();
      JsonNode jobs =
          Json.mapper()
              .readTree(
                  command("jobs", "list", "-o", "json", "--data-dir", dataDir().toString())
                      .substring(2));
      assertThat(jobs.at("/0/status").asText()).isIn("queued", "running");
      end(server);
    }
  }

  private static void end(ServerFile server) {
    Optional<ProcessHandle> process = ProcessHandle.of(server.pid());
    process.ifPresent(ProcessHandle::destroy);
    process.ifPresent(handle -> handle.onExit().join());
  }

  private String data() throws IOException {
    return Files.writeString(
            home.resolve("train.jsonl"),
            IntStream.range(0, 20)
                .mapToObj(i ->
                    """
                    {"messages":[{"role":"user","content":"Where is order %d?"},\
                    {"role":"assistant","content":"It is on its way, number %d."}]}\
                    """
                        .formatted(i, i))
                .collect(Collectors.joining("\n")))
        .toString();
  }
}

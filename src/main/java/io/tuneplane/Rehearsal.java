package io.tuneplane;

import io.tuneplane.cli.Cli;
import io.tuneplane.cli.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;

/// Runs the common commands once in one process, their output dropped, so that the JDK can record
/// what they load and start them faster from then on (`-XX:AOTCacheOutput`). Started by the
/// `tuneplane` script; nothing here touches the user's data.
public final class Rehearsal {

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final int LONGEST_START = 300;

  private Rehearsal() {}

  /// Rehearses.
  ///
  /// @param args none
  public static void main(String[] args) throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("tuneplane-rehearsal");
    Path data = scratch.resolve("train.jsonl");
    Files.writeString(data, example("one").repeat(6) + example("two").repeat(6));
    String dataDir = scratch.resolve("data").toString();
    Cli cli = new Cli(silent(), Client::connect, ServerRun::serve, InstantSource.system());
    cli.run("--version");
    cli.run("--help");
    cli.run("data", "check", data.toString(), "--data-dir", dataDir);
    cli.run("data", "check", data.toString(), "-o", "json", "--data-dir", dataDir);
    cli.run("cost", "--data-dir", dataDir);
    server(cli, dataDir);
    delete(scratch);
  }

  /// A server in this process, so that what it loads is recorded, and commands that ask it.
  private static void server(Cli cli, String dataDir) throws InterruptedException {
    Thread server =
        Thread.ofPlatform()
            .start(
                () -> cli.run("serve", "--port", "0", "--idle-exit", "2s", "--data-dir", dataDir));
    for (int i = 0; i < LONGEST_START && !Files.exists(Path.of(dataDir, "server.json")); i++) {
      Thread.sleep(LOOK_EVERY);
    }
    String data = Path.of(dataDir).resolveSibling("train.jsonl").toString();
    cli.run("decide", data, "--monthly-requests", "1000", "--data-dir", dataDir);
    cli.run("models", "--data-dir", dataDir);
    cli.run("jobs", "list", "--data-dir", dataDir);
    cli.run("keys", "list", "-o", "json", "--data-dir", dataDir);
    cli.run("jobs", "events", "--follow", "ftjob-none", "--data-dir", dataDir);
    server.join();
  }

  private static String example(String word) {
    return """
    {"messages":[{"role":"user","content":"Say %s."},{"role":"assistant","content":"%s"}]}
    """
        .formatted(word, word);
  }

  private static Terminal silent() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Terminal(InputStream.nullInputStream(), nowhere, nowhere, false, false, 100);
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

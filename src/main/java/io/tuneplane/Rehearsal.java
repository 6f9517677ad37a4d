package io.tuneplane;

import io.tuneplane.cli.Cli;
import io.tuneplane.cli.Terminal;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/// Runs the common commands once in one process, their output dropped, so that the JDK can record
/// what they load and start them faster from then on (`-XX:AOTCacheOutput`). Started by the
/// `tuneplane` script; nothing here touches the user's data.
public final class Rehearsal {

  private Rehearsal() {}

  /// Rehearses.
  ///
  /// @param args none
  public static void main(String[] args) throws java.io.IOException {
    Path scratch = Files.createTempDirectory("tuneplane-rehearsal");
    Path data = scratch.resolve("train.jsonl");
    Files.writeString(data, example("one").repeat(6) + example("two").repeat(6));
    String dataDir = scratch.resolve("data").toString();
    Cli cli = new Cli(silent(), Wiring::connect, InstantSource.system());
    cli.run("--version");
    cli.run("--help");
    cli.run("data", "check", data.toString(), "--data-dir", dataDir);
    cli.run("data", "check", data.toString(), "-o", "json", "--data-dir", dataDir);
    cli.run("cost", "--data-dir", dataDir);
    cli.run("decide", data.toString(), "--monthly-requests", "1000", "--data-dir", dataDir);
    cli.run("models", "--data-dir", dataDir);
    delete(scratch);
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

  private static void delete(Path folder) throws java.io.IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

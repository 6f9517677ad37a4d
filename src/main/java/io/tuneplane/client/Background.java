package io.tuneplane.client;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Starts a server of its own session in the background: neither Ctrl-C nor the end of the terminal
/// reaches it.
///
/// @param command starts it
/// @param path where programs are looked for
public record Background(List<String> command, String path) {

  static final String LOG = "server.log";

  private static final long LOG_BYTES = 1 << 20;

  public Background {
    command = List.copyOf(command);
  }

  /// Starts it.
  ///
  /// @throws IOException if it can't be started
  Process start(Path dataDir) throws IOException {
    Path log = dataDir.resolve(LOG);
    if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
      Files.move(log, dataDir.resolve(LOG + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessBuilder process = new ProcessBuilder(detached());
    // The command's own key is not the server's affair.
    process.environment().remove("TUNEPLANE_API_KEY");
    process.redirectInput(new File("/dev/null").exists() ? new File("/dev/null") : empty(dataDir));
    process.redirectErrorStream(true);
    process.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return process.start();
  }

  private static File empty(Path dataDir) throws IOException {
    Path file = dataDir.resolve("server.in");
    Files.write(file, new byte[0]);
    return file.toFile();
  }

  private List<String> detached() {
    List<String> detached = new ArrayList<>();
    program("setsid")
        .map(Path::toString)
        .map(List::of)
        .or(() ->
            // Where there is none: at least deaf to Ctrl-C and to the terminal's end.
            program("sh")
                .map(sh -> List.of(sh.toString(), "-c", "trap '' INT HUP; exec \"$@\"", "sh")))
        .ifPresent(detached::addAll);
    detached.addAll(command);
    return detached;
  }

  private Optional<Path> program(String name) {
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// The log's last lines.
  static String lastLines(Path dataDir, int most) {
    try (Stream<String> lines = Files.lines(dataDir.resolve(LOG))) {
      List<String> all = lines.toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - most), all.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }
}

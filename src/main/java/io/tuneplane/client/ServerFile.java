package io.tuneplane.client;

import io.tuneplane.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a server writes into its data directory once it is ready, so that commands find it:
/// `server.json`. A server that was killed leaves it behind; [#lives] tells.
///
/// @param url where it answers
/// @param pid its process
/// @param startedAt when that process was started, which tells it from another one of that number
/// @param version of Tuneplane
/// @param certificate what [Certificate#digest] says of the server's, where it speaks TLS
public record ServerFile(
    String url, long pid, Instant startedAt, String version, Optional<String> certificate) {

  private static final String NAME = "server.json";

  /// Start times are computed from the time of the machine's start, and are that exact.
  private static final Duration CLOSE = Duration.ofSeconds(3);

  /// Of this process.
  public static ServerFile ofThisProcess(String url, String version, Optional<String> certificate) {
    ProcessHandle self = ProcessHandle.current();
    return new ServerFile(url, self.pid(), started(self), version, certificate);
  }

  /// The file of a data directory; empty if there is none, or none that can be read.
  public static Optional<ServerFile> read(Path dataDir) {
    try {
      byte[] text = Files.readAllBytes(dataDir.resolve(NAME));
      return Optional.ofNullable(Json.mapper().readValue(text, ServerFile.class));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // half a file of a machine that lost its power: no server
    }
  }

  /// Puts the file in its place, whole.
  public void write(Path dataDir) throws IOException {
    Path aside = Files.createTempFile(dataDir, NAME, ".new");
    Files.writeString(aside, Json.line(this) + "\n");
    Files.move(aside, dataDir.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Takes the file away.
  public static void remove(Path dataDir) throws IOException {
    Files.deleteIfExists(dataDir.resolve(NAME));
  }

  /// Whether the process that wrote it is still there.
  public boolean lives() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> Duration.between(started(process), startedAt).abs().compareTo(CLOSE) < 0)
        .isPresent();
  }

  private static Instant started(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}

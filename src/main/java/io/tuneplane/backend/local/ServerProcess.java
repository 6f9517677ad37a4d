package io.tuneplane.backend.local;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.local.DeploymentRecord.ServerKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A `runner serve` that we started and that answers on a port of its own. It ends with us: its
/// standard input is our pipe. Safe for many threads.
final class ServerProcess implements AutoCloseable {

  /// How long loading a model may take.
  private static final Duration START = Duration.ofMinutes(5);

  private static final Duration LEAVE = Duration.ofSeconds(5);
  private static final int WRONG_INPUT = 10;
  private static final int TOKEN_BYTES = 32;

  private final Process process;
  private final int port;
  private final String token;

  private ServerProcess(Process process, int port, String token) {
    this.process = process;
    this.port = port;
    this.token = token;
  }

  /// Starts a server and waits until it takes requests.
  ///
  /// @param directory a folder for its token and its words
  /// @throws BackendException.Rejected if the runner can't serve this model
  /// @throws BackendException.Unavailable if it did not come up
  static ServerProcess start(
      RunnerCommand command, Threading threading, ServerKey key, Path directory)
      throws IOException {
    Files.createDirectories(directory);
    String token = newToken();
    Path tokenFile = writeSecret(directory, token);
    Path words = directory.resolve("serve-" + ProcessHandle.current().pid() + ".log");
    try {
      Process process =
          command
              .process(threading, arguments(key, tokenFile, threading))
              .redirectError(ProcessBuilder.Redirect.to(words.toFile()))
              .start();
      return new ServerProcess(process, awaitPort(process, words), token);
    } finally {
      // It has been read by now, or never will be.
      Files.deleteIfExists(tokenFile);
    }
  }

  private static String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static List<String> arguments(ServerKey key, Path tokenFile, Threading threading) {
    List<String> arguments =
        new ArrayList<>(List.of("serve", "--model", key.model().toString(), "--name", "base"));
    arguments.addAll(List.of("--port", "0", "--host", "127.0.0.1", "--exit-on-eof"));
    arguments.addAll(List.of("--token-file", tokenFile.toString()));
    arguments.addAll(List.of("--threads", Integer.toString(threading.threads())));
    arguments.add(threading.spins() ? "--spin" : "--no-spin");
    key.quantization().ifPresent(q -> arguments.addAll(List.of("--quantization", q)));
    return arguments;
  }

  // Created readable by us alone; a command line could be read by every user of the machine.
  private static Path writeSecret(Path directory, String token) throws IOException {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ours =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Path file = Files.createTempFile(directory, "token-", "", ours);
    return Files.writeString(file, token);
  }

  private static int awaitPort(Process process, Path words) throws IOException {
    CompletableFuture<String> firstLine = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> readOutput(process, firstLine));
    try {
      String line = firstLine.get(START.toSeconds(), TimeUnit.SECONDS);
      if (line.matches("ready [0-9]{1,5}")) {
        return Integer.parseInt(line.substring("ready ".length()));
      }
      process.destroyForcibly();
      throw notUp(process, words);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new BackendException.Unavailable(
          LocalTraining.NAME, "serve", "the server did not come up within " + START, e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new BackendException.Unavailable(LocalTraining.NAME, "serve", "interrupted", e);
    } catch (ExecutionException e) {
      process.destroyForcibly();
      throw new IOException("the server's output can't be read", e.getCause());
    }
  }

  // The server says one line; reading on keeps it from ever blocking on a full pipe.
  private static void readOutput(Process process, CompletableFuture<String> firstLine) {
    try (BufferedReader output = process.inputReader()) {
      String line = output.readLine();
      firstLine.complete(line == null ? "" : line);
      while (line != null) {
        line = output.readLine();
      }
    } catch (IOException e) {
      firstLine.completeExceptionally(e);
    }
  }

  private static BackendException notUp(Process process, Path words) throws IOException {
    String last = LastWords.of(words);
    int code = exitCode(process);
    String message =
        last.isBlank() ? "the server ended with exit code " + code + " before it answered" : last;
    return code == WRONG_INPUT
        ? new BackendException.Rejected(
            LocalTraining.NAME, "serve", List.of(new Problem("model", message)))
        : new BackendException.Unavailable(LocalTraining.NAME, "serve", message);
  }

  private static int exitCode(Process process) {
    try {
      return process.waitFor(LEAVE.toSeconds(), TimeUnit.SECONDS)
          ? process.exitValue()
          : Ending.UNSEEN;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Ending.UNSEEN;
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  int port() {
    return port;
  }

  String token() {
    return token;
  }

  /// Asks the server to end, and ends it if it doesn't.
  @Override
  public void close() {
    process.destroy();
    if (exitCode(process) == Ending.UNSEEN) {
      process.destroyForcibly();
    }
  }
}

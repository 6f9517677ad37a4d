package io.tuneplane.client;

import io.tuneplane.client.ServerException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The server of a data directory on this machine: the one that runs, else one that is started in
/// the background. Two commands that start at once start one server. Safe for many threads and
/// processes.
public final class LocalServer implements Location {

  /// The administrator's key, which the first start of a server leaves.
  public static final String ADMIN_KEY = "admin.key";

  private static final String START_LOCK = "start.lock";
  private static final Duration STEP = Duration.ofMillis(50);
  private static final int STEPS = 1200;
  private static final int LINES = 12;

  private final Path dataDir;
  private final Optional<Server.Key> key;
  private final String version;
  private final Background background;
  private final Sleeper sleeper;

  /// @param key the caller's own key; empty for the administrator's, from the data directory
  /// @param version of this Tuneplane
  /// @param background starts a server where none runs
  /// @param sleeper waits
  public LocalServer(
      Path dataDir,
      Optional<Server.Key> key,
      String version,
      Background background,
      Sleeper sleeper) {
    this.dataDir = dataDir;
    this.key = key;
    this.version = version;
    this.background = background;
    this.sleeper = sleeper;
  }

  @Override
  public Server find() {
    return running().orElseGet(this::start);
  }

  /// The server that runs now.
  public Optional<Server> running() {
    Optional<ServerFile> file = ServerFile.read(dataDir).filter(ServerFile::lives);
    file.filter(other -> !other.version().equals(version))
        .ifPresent(other -> {
          throw new ServerException(
              Kind.UNREACHABLE,
              "the server of %s is %s, and this is %s. End it with 'kill %d' (its jobs go on in the"
                      .formatted(dataDir, other.version(), version, other.pid())
                  + " next one), then try again");
        });
    return file.map(
        known -> new Server(URI.create(known.url()), key.or(this::adminKey), known.certificate()));
  }

  private Optional<Server.Key> adminKey() {
    Path file = dataDir.resolve(ADMIN_KEY);
    try {
      return Optional.of(
          new Server.Key(Files.readString(file).strip(), "the administrator's, from " + file));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ServerException(
          Kind.KEY_NEEDED,
          "the key %s can't be read (%s); set TUNEPLANE_API_KEY".formatted(file, e.getMessage()),
          e);
    }
  }

  private Server start() {
    try {
      Files.createDirectories(dataDir);
      try (FileChannel _ = onlyStarter()) {
        Optional<Server> another = running();
        return another.isPresent() ? another.get() : await(background.start(dataDir));
      }
    } catch (IOException e) {
      throw new ServerException(
          Kind.FAILED, "no server can be started in %s: %s".formatted(dataDir, words(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException(Kind.FAILED, "interrupted while a server was starting", e);
    }
  }

  private static String words(IOException e) {
    return e instanceof java.nio.file.FileSystemException file
        ? file.getFile() + ": " + Optional.ofNullable(file.getReason()).orElse("can't be written")
        : String.valueOf(e.getMessage());
  }

  private FileChannel onlyStarter() throws IOException, InterruptedException {
    for (int step = 0; step < STEPS; step++) {
      Optional<FileChannel> locked = ServerLock.lock(dataDir.resolve(START_LOCK));
      if (locked.isPresent()) {
        return locked.get();
      }
      sleeper.sleep(STEP);
    }
    throw new ServerException(
        Kind.FAILED, "another command has been starting a server for a minute; try again");
  }

  private Server await(Process process) throws InterruptedException {
    for (int step = 0; step < STEPS; step++) {
      Optional<Server> ready = running();
      if (ready.isPresent()) {
        return ready.get();
      }
      if (!process.isAlive()) {
        throw failed("the server did not start (exit code " + process.exitValue() + ")");
      }
      sleeper.sleep(STEP);
    }
    throw failed("the server is not ready after a minute (process " + process.pid() + ")");
  }

  private ServerException failed(String what) {
    return new ServerException(
        Kind.FAILED,
        "%s. The end of its log, %s:%n%s"
            .formatted(
                what,
                dataDir.resolve(Background.LOG),
                Background.lastLines(dataDir, LINES).indent(2).stripTrailing()));
  }
}

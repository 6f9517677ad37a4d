package io.tuneplane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.client.ServerException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With a shell script in the place of a server: it writes `server.json` and lives for a while.
@Timeout(60)
class LocalServerTest {

  @TempDir Path dir;

  /// Notes that it was started, and says that it is ready. Its start time is not checked here: the
  /// test writes the one that the process really has.
  private static final String READY =
      """
      echo started >> "$DIR/starts"
      cat > "$DIR/server.json.new" <<END
      {"url":"http://127.0.0.1:9","pid":$$,"started_at":"$(date -u -d @$(stat -c %%Y /proc/$$) \
      +%%Y-%%m-%%dT%%H:%%M:%%SZ)","version":"1"}
      END
      mv "$DIR/server.json.new" "$DIR/server.json"
      exec sleep 20
      """
          .replace("%%", "%");

  @AfterEach
  void endServers() {
    ServerFile.read(dir)
        .filter(ServerFile::lives)
        .flatMap(file -> ProcessHandle.of(file.pid()))
        .ifPresent(process -> {
          process.destroyForcibly();
          process.onExit().join();
        });
  }

  @Test
  void twoCommandsThatStartAtOnceStartOneServer() throws Exception {
    List<Callable<Server>> commands =
        IntStream.range(0, 4).mapToObj(_ -> (Callable<Server>) () -> local("1").find()).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Server> found : threads.invokeAll(commands)) {
        assertThat(found.get().url()).isEqualTo(URI.create("http://127.0.0.1:9"));
      }
    }
    assertThat(Files.readAllLines(dir.resolve("starts"))).hasSize(1);
  }

  @Test
  void theAdministratorsKeyIsTheDefault() throws IOException {
    Files.writeString(dir.resolve("admin.key"), "tp-admin\n");
    ServerFile.ofThisProcess("http://127.0.0.1:7", "1", Optional.empty()).write(dir);

    Server admin = local("1").find();
    assertThat(admin.key().map(Server.Key::secret)).contains("tp-admin");
    assertThat(admin.sent()).contains("admin.key").doesNotContain("tp-admin");
    Server.Key own = new Server.Key("tp-own", "that of TUNEPLANE_API_KEY");
    Server found = new LocalServer(dir, Optional.of(own), "1", never(), _ -> {}).find();
    assertThat(found.key()).contains(own);
    assertThat(found.sent()).contains("TUNEPLANE_API_KEY").doesNotContain("tp-own");
    ServerFile.remove(dir);
  }

  @Test
  void whatAKilledServerLeftIsNoObstacle() throws IOException {
    new ServerFile(
            "http://127.0.0.1:1",
            ProcessHandle.current().pid(),
            Instant.EPOCH,
            "1",
            Optional.empty())
        .write(dir);

    assertThat(local("1").running()).isEmpty();
    assertThat(local("1").find().url()).isEqualTo(URI.create("http://127.0.0.1:9"));
  }

  @Test
  void halfAFileIsNoServer() throws IOException {
    Files.writeString(dir.resolve("server.json"), "{\"url\":");

    assertThat(local("1").running()).isEmpty();
  }

  @Test
  void aServerOfAnotherVersionIsNamedWithWhatToDo() throws IOException {
    ServerFile.ofThisProcess("http://127.0.0.1:7", "0", Optional.empty()).write(dir);

    assertThatThrownBy(() -> local("1").find())
        .isInstanceOfSatisfying(
            ServerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("is 0, and this is 1")
        .hasMessageContaining("kill " + ProcessHandle.current().pid());
    ServerFile.remove(dir);
  }

  @Test
  void aServerThatDoesNotStartIsShownWithTheEndOfItsLog() {
    LocalServer broken = started("echo 'the disk is full'; exit 3");

    assertThatThrownBy(broken::find)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("the disk is full");
  }

  @Test
  void aDirectoryThatIsHeldIsNamedWithItsHolder() throws Exception {
    try (ServerLock _ = ServerLock.take(dir, Thread::sleep)) {
      ServerFile.ofThisProcess("http://127.0.0.1:7", "1", Optional.empty()).write(dir);

      assertThatThrownBy(() -> ServerLock.take(dir, Thread::sleep))
          .hasMessageContaining("http://127.0.0.1:7")
          .hasMessageContaining("kill " + ProcessHandle.current().pid());
      ServerFile.remove(dir);
    }
    ServerLock.take(dir, Thread::sleep).close();
  }

  private LocalServer local(String version) {
    return new LocalServer(dir, Optional.empty(), version, script(READY), Thread::sleep);
  }

  private LocalServer started(String script) {
    return new LocalServer(dir, Optional.empty(), "1", script(script), Thread::sleep);
  }

  private Background script(String text) {
    return new Background(List.of("sh", "-c", "DIR='" + dir + "'\n" + text), System.getenv("PATH"));
  }

  private static Background never() {
    return new Background(List.of("false"), "");
  }
}

package io.tuneplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.access.Role;
import io.tuneplane.backend.RemoteRunners.Admission;
import io.tuneplane.backend.remote.RunnerDoor;
import io.tuneplane.http.TestServer.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A runner's token opens its own run's routes and nothing else, and nothing else opens those.
@Timeout(60)
class RunnerTokensTest {

  @TempDir Path folder;
  private TestServer server;
  private RunnerRun run;
  private RunnerRun other;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(folder);
    run = new RunnerRun(server, folder, "mark-1", 1);
    other = new RunnerRun(server, folder, "mark-2", 1);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void noOtherRouteTakesARunnersToken(Route route) {
    String path =
        route.template().toString().replace("{model...}", "echo").replaceAll("\\{[a-z_]+}", "x-1");
    Reply reply = send(route.method(), path, run.token);

    assertThat(reply.status()).isEqualTo(route.isOpen() ? 200 : 401);
  }

  @ParameterizedTest
  @EnumSource(RunnerRoute.class)
  void aRunnersRouteTakesItsRunsTokenAlone(RunnerRoute route) {
    List<String> others = new ArrayList<>(List.of(other.token, "", "tpr-", run.token + "0"));
    Arrays.stream(Role.values()).map(role -> TestServer.key(role, "default")).forEach(others::add);
    others.add(run.token.substring(0, run.token.length() - 1) + "!");

    for (String token : others) {
      Reply reply = send(route.method(), path(route, run.mark), token);
      assertThat(reply.status()).as(token).isEqualTo(401);
      assertThat(reply.text()).doesNotContain(run.token);
    }
    assertThat(send(route.method(), path(route, run.mark), run.token).status()).isNotEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource(RunnerRoute.class)
  void whetherThereIsAnotherRunIsNotTold(RunnerRoute route) {
    Reply known = send(route.method(), path(route, other.mark), run.token);
    Reply unknown = send(route.method(), path(route, "mark-none"), run.token);
    Reply hostile = send(route.method(), path(route, "..%2fmark-2"), run.token);

    assertThat(known.status()).isEqualTo(401);
    assertThat(unknown.json()).isEqualTo(known.json());
    assertThat(hostile.json()).isEqualTo(known.json());
  }

  @Test
  void theSameRoundHasTheSameTokenAndALaterOneEndsIt() throws IOException {
    Admission again = new Admission("mark-1", 1, run.folder, folder.resolve("mark-1-model"));
    assertThat(server.runners.admit(again)).isEqualTo(run.token);

    RunnerRun later = new RunnerRun(server, folder, "mark-1", 2);
    assertThat(later.token).isNotEqualTo(run.token);
    assertThat(run.get("").status()).isEqualTo(401);
    assertThat(later.get("").status()).isEqualTo(200);
  }

  @Test
  void attemptsAreCountedOverAllRoundsAndRestarts() throws IOException {
    int first = run.begin("runner-0123456789");
    run.post("/events", first, RunnerRun.message(1, first));
    server.runners.dismiss("mark-1");
    RunnerRun later = new RunnerRun(server, folder, "mark-1", 2);

    assertThat(later.begin("runner-0123456789")).isEqualTo(first + 1);
  }

  @Test
  void dismissedRunnersAreShutOut() {
    server.runners.dismiss("mark-1");
    server.runners.dismiss("mark-1");

    assertThat(run.get("").status()).isEqualTo(401);
    assertThat(other.get("").status()).isEqualTo(200);
  }

  @Test
  void aTokenEndsAndIsRenewedByBeingGivenOutAgain() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    RunnerDoor door =
        new RunnerDoor(
            folder.resolve("door"),
            text -> Fingerprint.of(Fingerprint.bytes(text)),
            new Random(2),
            now::get);
    Admission admission = new Admission("m", 1, run.folder, folder);
    String token = door.admit(admission);

    now.updateAndGet(t -> t.plus(Duration.ofDays(29)));
    assertThat(door.enter("m", token)).isPresent();
    assertThat(door.admit(admission)).isEqualTo(token);
    now.updateAndGet(t -> t.plus(Duration.ofDays(29)));
    assertThat(door.enter("m", token)).isPresent();
    now.updateAndGet(t -> t.plus(Duration.ofDays(1)));
    assertThat(door.enter("m", token)).isEmpty();
  }

  @Test
  void nothingThatIsKeptOpensAnything() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(
              file -> assertThat(Files.readString(file)).doesNotContain(run.token.substring(4)));
    }
  }

  private static String path(RunnerRoute route, String mark) {
    return route
        .template()
        .toString()
        .replace("{mark}", mark)
        .replace("{set}", "step-1")
        .replace("{path...}", "state.json");
  }

  private Reply send(String method, String path, String token) {
    return server.send(
        server
            .request(path, token)
            .header("Content-Type", "application/json")
            .method(
                method,
                method.equals("GET") || method.equals("DELETE")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString("{}")));
  }
}

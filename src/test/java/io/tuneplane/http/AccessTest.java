package io.tuneplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.access.Role;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may do what, for every route of the table.
class AccessTest {

  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<Arguments> routesAndRoles() {
    return Arrays.stream(Route.values())
        .filter(route -> !route.isOpen())
        .flatMap(route -> Arrays.stream(Role.values()).map(role -> Arguments.of(route, role)));
  }

  @ParameterizedTest
  @MethodSource("routesAndRoles")
  void aRouteIsForItsRolesAlone(Route route, Role role) {
    TestServer.Reply reply = ask(route, TestServer.key(role, "default"));

    if (route.allows(role)) {
      assertThat(reply.status()).isNotIn(401, 403);
    } else {
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.error().path("code").asText()).isEqualTo("forbidden");
    }
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void withoutAKeyOnlyOpenRoutesAnswer(Route route) {
    TestServer.Reply reply = ask(route, "tp-nobody");

    assertThat(reply.status()).isEqualTo(route.isOpen() ? 200 : 401);
  }

  @Test
  void onlyWhatTellsNothingOfAnybodyIsOpen() {
    assertThat(Arrays.stream(Route.values()).filter(Route::isOpen))
        .containsExactly(Route.HOME, Route.HEALTH, Route.READY, Route.OPENAPI);
  }

  @Test
  void whatAdministersIsForAdministratorsAlone() {
    assertThat(
            Arrays.stream(Route.values())
                .filter(route ->
                    route.name().matches("(KEYS|PROVIDER_KEYS|ATTESTATIONS|AUDIT|IMPORTS).*")))
        .hasSize(11)
        .allSatisfy(route -> {
          assertThat(route.allows(Role.ADMIN)).isTrue();
          assertThat(route.allows(Role.TRAINER)).isFalse();
          assertThat(route.allows(Role.CALLER)).isFalse();
          assertThat(route.allows(Role.VIEWER)).isFalse();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer ' OR '1'='1",
        "Bearer tp-\u00fc",
        "Bearer ",
        "Basic dHA6dHA=",
        "tp-trainer-default",
        "Bearer tp-trainer-default extra"
      })
  void hostileAuthorizationIs401(String header) throws Exception {
    assertThat(raw("GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: " + header + "\r\n\r\n"))
        .startsWith("HTTP/1.1 401");
  }

  @Test
  void twoAuthorizationHeadersAre401() throws Exception {
    String one = "Authorization: Bearer tp-trainer-default\r\n";

    assertThat(raw("GET /v1/models HTTP/1.1\r\nHost: x\r\n" + one + one + "\r\n"))
        .startsWith("HTTP/1.1 401");
  }

  @Test
  void aLongAuthorizationIs401AndAMegabyteIsCutOff() throws Exception {
    assertThat(
            raw(
                "GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                    + "a".repeat(2000)
                    + "\r\n\r\n"))
        .startsWith("HTTP/1.1 401");
    String huge =
        raw(
            "GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                + "a".repeat(1 << 20)
                + "\r\n\r\n");
    assertThat(huge).matches("(?s)(HTTP/1.1 4\\d\\d .*)?");
  }

  @Test
  void the401SaysNothingOfTheKey() {
    assertThat(server.get("/v1/models", "tp-guess").text()).doesNotContain("tp-guess");
  }

  @Test
  void aForeignIdIs404OnEveryRouteThatNamesOne() {
    String file = server.upload();
    String job = server.job();
    server.post(
        "/api/v1/keys",
        TestServer.key(Role.ADMIN, "default"),
        "{\"name\":\"n\",\"role\":\"viewer\"}");
    server.post(
        "/api/v1/provider-keys",
        TestServer.key(Role.ADMIN, "default"),
        "{\"name\":\"openai\",\"key\":\"sk-canary-1234\"}");
    String foreign = TestServer.key(Role.ADMIN, "other");
    List<Route> named =
        Arrays.stream(Route.values()).filter(route -> !route.template().names().isEmpty()).toList();

    assertThat(named)
        .hasSizeGreaterThan(10)
        .allSatisfy(route -> {
          String path = path(route, file, job);
          assertThat(send(route, path, foreign).status()).describedAs(path).isEqualTo(404);
          assertThat(send(route, path, TestServer.key(Role.ADMIN, "default")).status())
              .describedAs(path)
              .isEqualTo(200);
          if (route == Route.FILES_DELETE) {
            assertThat(server.files.count()).isZero();
          }
        });
  }

  @Test
  void aListHasNothingOfAnotherOrganisation() {
    server.upload();
    server.job();
    String foreign = TestServer.key(Role.ADMIN, "other");

    assertThat(server.get("/v1/files", foreign).json().path("data")).isEmpty();
    assertThat(server.get("/v1/fine_tuning/jobs", foreign).json().path("data")).isEmpty();
    assertThat(server.get("/api/v1/keys", foreign).json()).isEmpty();
    assertThat(server.get("/api/v1/provider-keys", foreign).json()).isEmpty();
  }

  private static String path(Route route, String file, String job) {
    return route
        .template()
        .toString()
        .replace("{file_id}", file)
        .replace("{job_id}", job)
        .replace("{key_id}", "key-1")
        .replace("{name}", "openai")
        .replace("{decision_id}", FakeGovernance.DECISION)
        .replace("{model...}", ScriptedModels.OWN);
  }

  private TestServer.Reply ask(Route route, String key) {
    return send(route, path(route, "file-none", "ftjob-none"), key);
  }

  private TestServer.Reply send(Route route, String path, String key) {
    return server.send(
        server
            .request(path, key)
            .header("Content-Type", "application/json")
            .method(
                route.method(),
                route.method().equals("POST")
                    ? BodyPublishers.ofString("{}")
                    : BodyPublishers.noBody()));
  }

  private String raw(String request) throws Exception {
    try (Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        byte[] start = socket.getInputStream().readNBytes(40);
        return new String(start, StandardCharsets.ISO_8859_1);
      } catch (java.net.SocketException e) {
        return ""; // cut off while it was still sending
      }
    }
  }
}

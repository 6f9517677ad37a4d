package io.tuneplane.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.access.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that are wrong in form, or meant to hurt.
class BadRequestsTest {

  private static final String JOBS = "/v1/fine_tuning/jobs";

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"text\"",
        "{} {}",
        "{\"model\":\"a\",\"model\":\"b\"}",
        "{\"seed\":NaN}",
        "{\"CANARY\u0000\":1}",
        "{\"a\":'CANARY'}"
      })
  void whatIsNotOneJsonObjectIs400AndNotRepeated(String body) {
    TestServer.Reply reply = server.post(JOBS, TestServer.trainer(), body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("code").asText()).isEqualTo("invalid_json");
    assertThat(reply.text()).doesNotContain("CANARY");
  }

  @Test
  void depthAndNumbersAreBounded() {
    String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

    assertThat(server.post(JOBS, TestServer.trainer(), deep).status()).isEqualTo(400);
    String digits = "{\"model\":\"m\",\"training_file\":\"f\",\"seed\":" + "9".repeat(1000) + "}";
    assertThat(server.post(JOBS, TestServer.trainer(), digits).status()).isEqualTo(400);
  }

  @Test
  void aLongBodyIs413() {
    String body = "{\"model\":\"" + "m".repeat(300 * 1024) + "\"}";
    TestServer.Reply reply = server.post(JOBS, TestServer.trainer(), body);

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.error().path("code").asText()).isEqualTo("body_too_large");
  }

  @Test
  void anotherTypeIs415() {
    TestServer.Reply reply =
        server.send(
            server
                .request(JOBS, TestServer.trainer())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("model=m")));

    assertThat(reply.status()).isEqualTo(415);
  }

  @Test
  void anotherMethodIs405AndAnotherPath404() {
    TestServer.Reply put =
        server.send(server.request(JOBS, TestServer.trainer()).PUT(BodyPublishers.ofString("{}")));

    assertThat(put.status()).isEqualTo(405);
    assertThat(put.header("Allow")).isEqualTo("GET, POST");
    assertThat(server.get("/v1/nothing", TestServer.trainer()).status()).isEqualTo(404);
    assertThat(server.get("/v1/nothing", "tp-guess").status()).isEqualTo(401);
  }

  @Test
  void theRequestIdIsOursWhateverTheClientSends() throws IOException {
    String answer =
        raw(
            "GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + TestServer.trainer()
                + "\r\nX-Request-Id: evil<script>\r\nX-Forwarded-For: 1.2.3.4\r\n"
                + "X-Forwarded-Host: evil.example\r\ntraceparent: 00-evil\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 200").doesNotContain("evil");
    assertThat(
            answer
                .lines()
                .filter(l -> l.toLowerCase(java.util.Locale.ROOT).startsWith("x-request-id:")))
        .singleElement()
        .asString()
        .matches("(?i)x-request-id: req_[0-9a-f]{32}");
    assertThat(answer).containsIgnoringCase("openai-version: 2020-10-01");
    assertThat(answer).containsPattern("(?i)openai-processing-ms: \\d+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/models%0d%0aX-Evil:%201 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /v1/files/a%0d%0aSet-Cookie:x HTTP/1.1\r\nHost: x\r\n\r\n",
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        "POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: zz\r\n\r\n",
        "GET /v1/models HTTP/1.1\r\nHost: x\r\nX-A: b\r\n X-Folded: c\r\n\r\n"
      })
  void whatIsNoRequestHasNoHeadersOfItsOwnAndNoTrace(String request) throws IOException {
    String answer = raw(request);

    assertThat(answer).doesNotContain("X-Evil", "Set-Cookie", "Exception", "at io.helidon");
    assertThat(answer).matches("(?s)(HTTP/1.1 (400|401|404|505) .*)?");
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(3000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      StringBuilder answer = new StringBuilder();
      byte[] chunk = new byte[4096];
      try {
        for (int n = socket.getInputStream().read(chunk);
            n >= 0;
            n = socket.getInputStream().read(chunk)) {
          answer.append(new String(chunk, 0, n, UTF_8));
        }
      } catch (java.net.SocketTimeoutException e) {
        return answer.toString(); // kept alive
      }
      return answer.toString();
    }
  }

  @Test
  void aSlowBodyIsNotWaitedFor() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(15_000);
      socket
          .getOutputStream()
          .write(
              ("POST "
                      + JOBS
                      + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                      + TestServer.trainer()
                      + "\r\nContent-Length: 1000\r\n\r\n")
                  .getBytes(UTF_8));
      long started = System.nanoTime();
      try {
        for (int i = 0; i < 100; i++) {
          socket.getOutputStream().write(' ');
          new java.util.concurrent.CountDownLatch(1)
              .await(100, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
      } catch (IOException e) {
        assertThat(e).isNotNull(); // hung up on
      }
      assertThat(System.nanoTime() - started).isLessThan(10_000_000_000L);
      assertThat(server.jobs.count()).isZero();
    }
  }

  @Test
  void figuresHaveRoutesAndStatusesAndNothingOfAnybody() {
    server.get("/v1/files/CANARY-ID", TestServer.trainer());
    String figures = server.get("/metrics", TestServer.key(Role.VIEWER, "default")).text();

    assertThat(figures)
        .contains(
            "tuneplane_http_requests_total{route=\"GET /v1/files/{file_id}\",status=\"404\"} 1")
        .contains("tuneplane_jobs{status=\"running\"} 2")
        .endsWith("# EOF\n")
        .doesNotContain("CANARY", "tp-");
  }

  @Test
  void theFirstPageRunsNothingAndLetsNobodyFrameIt() {
    TestServer.Reply page = server.get("/", "none");

    assertThat(page.text()).contains("Tuneplane 1.2.3").doesNotContain("<script");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(server.get("/healthz", "none").text()).isEqualTo("ok\n");
    assertThat(server.get("/readyz", "none").status()).isEqualTo(200);
  }

  @Test
  void aPriceBookIsNeverAFileOfTheServer() {
    TestServer.Reply reply =
        server.post(
            "/api/v1/costs", TestServer.trainer(), "{\"book\":\"/etc/passwd\",\"examples\":5}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo("book");
  }

  @Test
  void aModelThatStopsSaysWhen() {
    TestServer.Reply model = server.get("/v1/models/" + ScriptedModels.OWN, TestServer.trainer());

    assertThat(model.json().path("shutdown_date").asText()).isEqualTo("2027-01-14");
    assertThat(model.header("Sunset")).isEqualTo("Thu, 14 Jan 2027 00:00:00 GMT");
  }
}

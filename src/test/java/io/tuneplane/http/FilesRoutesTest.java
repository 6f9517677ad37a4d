package io.tuneplane.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.access.Role;
import io.tuneplane.job.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Uploads and what becomes of them.
class FilesRoutesTest {

  private static final byte[] DATA = "{\"messages\": []}\r\n{\"--XX\": 1}\n\r\n--X".getBytes(UTF_8);

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

  @Test
  void aFileComesBackAsItWasSent() throws IOException {
    TestServer.Reply made = server.upload(TestServer.trainer(), "train.jsonl", DATA);

    assertThat(made.status()).isEqualTo(200);
    String id = made.json().path("id").asText();
    assertThat(made.json().path("bytes").asInt()).isEqualTo(DATA.length);
    assertThat(made.json().path("purpose").asText()).isEqualTo("fine-tune");
    assertThat(server.get("/v1/files/" + id, TestServer.trainer()).json()).isEqualTo(made.json());
    TestServer.Reply content = server.get("/v1/files/" + id + "/content", TestServer.trainer());
    assertThat(content.response().body()).isEqualTo(DATA);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void thePurposeMayStandBeforeOrBehindTheFile(boolean purposeFirst) {
    TestServer.Reply made =
        server.send(
            server
                .request("/v1/files", TestServer.trainer())
                .header("Content-Type", "multipart/form-data; boundary=\"a b\"")
                // No length: the body goes in chunks, as openai-java sends it.
                .POST(
                    BodyPublishers.ofInputStream(() ->
                        new ByteArrayInputStream(Forms.of("a b", "x.jsonl", DATA, purposeFirst)))));

    assertThat(made.status()).isEqualTo(200);
    assertThat(made.json().path("bytes").asInt()).isEqualTo(DATA.length);
  }

  static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyContentInPiecesOfAnySizeIsReadWhole(int seed) throws IOException {
    Random random = new Random(seed);
    byte[] content = new byte[random.nextInt(200_000)];
    String boundary = "B".repeat(1 + random.nextInt(60));
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) "\r\n-B".charAt(random.nextInt(4));
    }
    byte[] body = Forms.of(boundary, "f", content);
    // The content may hold the delimiter by chance; then it ends there, as it must.
    int end = index(body, ("\r\n--" + boundary).getBytes(UTF_8), start(body));
    byte[] expected = Arrays.copyOfRange(body, start(body), end);

    Multipart parts =
        Multipart.of("multipart/form-data; boundary=" + boundary, new Trickle(body, random));
    parts.next();
    Multipart.Part file = parts.next().orElseThrow();

    assertThat(file.content().readAllBytes()).describedAs("seed " + seed).isEqualTo(expected);
  }

  private static int start(byte[] body) {
    byte[] mark = "octet-stream\r\n\r\n".getBytes(UTF_8);
    return index(body, mark, 0) + mark.length;
  }

  private static int index(byte[] body, byte[] mark, int from) {
    return IntStream.range(from, body.length)
        .filter(i -> i + mark.length <= body.length)
        .filter(i -> Arrays.equals(body, i, i + mark.length, mark, 0, mark.length))
        .findFirst()
        .orElseThrow();
  }

  /// Gives a few bytes at a time.
  private static final class Trickle extends ByteArrayInputStream {

    private final Random random;

    Trickle(byte[] bytes, Random random) {
      super(bytes);
      this.random = random;
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) {
      return super.read(into, offset, Math.min(length, 1 + random.nextInt(5000)));
    }
  }

  @Test
  void aFileThatIsTooLongIs413AndNothingOfItStays() {
    TestServer.Reply reply =
        server.upload(TestServer.trainer(), "big.jsonl", new byte[(1 << 20) + 1]);

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.error().path("code").asText()).isEqualTo("file_too_large");
    assertThat(server.files.count()).isZero();
    assertThat(server.upload(TestServer.trainer(), "big.jsonl", new byte[1 << 20]).status())
        .isEqualTo(200);
  }

  @Test
  void anEmptyFileIs400() {
    TestServer.Reply reply = server.upload(TestServer.trainer(), "e.jsonl", new byte[0]);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo("file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PK\u0003\u0004zip",
        "GGUF\u0003",
        "Rar!x",
        "\u0080\u0004pickle",
        "7z\u00bc\u00af"
      })
  void anArchiveOrAModelIs400(String start) {
    TestServer.Reply reply =
        server.upload(
            TestServer.trainer(),
            "x.jsonl",
            start.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("code").asText()).isEqualTo("unsupported_file");
  }

  @Test
  void aTarIs400() {
    byte[] tar = new byte[600];
    System.arraycopy("ustar".getBytes(UTF_8), 0, tar, 257, 5);

    assertThat(server.upload(TestServer.trainer(), "x", tar).status()).isEqualTo(400);
  }

  @Test
  void anotherPurposeIs400() {
    String body = new String(Forms.of("XX", "x.jsonl", DATA), UTF_8).replace("fine-tune", "vision");
    TestServer.Reply reply = multipart("multipart/form-data; boundary=XX", body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo("purpose");
  }

  @Test
  void aBodyThatIsNoMultipartIs415AndABrokenOneIs400() {
    assertThat(multipart("application/json", "{}").status()).isEqualTo(415);
    assertThat(multipart("multipart/form-data", "{}").status()).isEqualTo(415);
    assertThat(multipart("multipart/form-data; boundary=XX", "no parts").status()).isEqualTo(400);
    assertThat(
            multipart("multipart/form-data; boundary=XX", "--XX--\r\n")
                .error()
                .path("param")
                .asText())
        .isEqualTo("file");
    String cut = new String(Forms.of("XX", "x.jsonl", DATA), UTF_8);
    assertThat(
            multipart("multipart/form-data; boundary=XX", cut.substring(0, cut.length() - 12))
                .status())
        .isEqualTo(400);
    assertThat(server.files.count()).isZero();
  }

  private TestServer.Reply multipart(String type, String body) {
    return server.send(
        server
            .request("/v1/files", TestServer.trainer())
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "..\\..\\windows\\system32",
        "/etc/passwd",
        "a/../b",
        "C:\\x",
        "..",
        "."
      })
  void aFilenameIsNeverAPath(String name) throws IOException {
    TestServer.Reply made = server.upload(TestServer.trainer(), name.replace("\\", "\\\\"), DATA);

    assertThat(made.json().path("filename").asText()).doesNotContain("/", "\\").isNotEqualTo("..");
    try (var all = Files.list(folder)) {
      assertThat(all.filter(f -> !f.endsWith("secret.key")))
          .allSatisfy(f -> assertThat(f.getFileName().toString()).matches("[0-9a-f]{64}"));
    }
  }

  @Test
  void aLongFilenameIsCut() {
    assertThat(
            server
                .upload(TestServer.trainer(), "n".repeat(4000), DATA)
                .json()
                .path("filename")
                .asText())
        .hasSize(255);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2f..%2fetc%2fpasswd",
        "%252e%252e%252f",
        "..%5c..%5c",
        "%00",
        "file-1%00",
        "%zz",
        "%ff%fe",
        "file-1/../../x",
        "."
      })
  void anIdIsNeverAPath(String id) throws IOException {
    assertThat(rawStatus("GET /v1/files/" + id + "/content")).isIn(400, 404);
    assertThat(rawStatus("GET /v1/files/" + id)).isIn(400, 404);
  }

  private int rawStatus(String line) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              (line
                      + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                      + TestServer.trainer()
                      + "\r\n\r\n")
                  .getBytes(UTF_8));
      return Integer.parseInt(
          new String(socket.getInputStream().readNBytes(12), UTF_8).substring(9));
    }
  }

  @Test
  void pagesCoverTheListOnceInBothOrders() {
    List<String> made = IntStream.range(0, 7).mapToObj(_ -> server.upload()).toList();

    assertThat(pages("desc")).isEqualTo(made.reversed());
    assertThat(pages("asc")).isEqualTo(made);
    JsonNode none = server.get("/v1/files", TestServer.key(Role.TRAINER, "other")).json();
    assertThat(none.path("data")).isEmpty();
    assertThat(none.path("has_more").asBoolean()).isFalse();
  }

  private List<String> pages(String order) {
    List<String> ids = new java.util.ArrayList<>();
    String path = "/v1/files?purpose=fine-tune&limit=3&order=" + order;
    JsonNode page = server.get(path, TestServer.trainer()).json();
    page.path("data").forEach(f -> ids.add(f.path("id").asText()));
    while (page.path("has_more").asBoolean()) {
      page =
          server.get(path + "&after=" + page.path("last_id").asText(), TestServer.trainer()).json();
      page.path("data").forEach(f -> ids.add(f.path("id").asText()));
    }
    return ids;
  }

  @Test
  void aFileThatWasDeletedIsGone() {
    String id = server.upload();
    TestServer.Reply gone = delete(id);

    assertThat(gone.json().path("deleted").asBoolean()).isTrue();
    assertThat(delete(id).status()).isEqualTo(404);
    assertThat(server.get("/v1/files/" + id, TestServer.trainer()).status()).isEqualTo(404);
  }

  private TestServer.Reply delete(String id) {
    return server.send(server.request("/v1/files/" + id, TestServer.trainer()).DELETE());
  }

  @Test
  void aFullDiskIs507AndTheServerLivesOn() {
    server.files.failWith(
        new java.nio.file.FileSystemException("x", null, "No space left on device"));
    TestServer.Reply full = server.upload(TestServer.trainer(), "train.jsonl", DATA);

    assertThat(full.status()).isEqualTo(507);
    assertThat(full.error().path("type").asText()).isEqualTo("server_error");
    assertThat(server.files.count()).isZero();
    server.files.work();
    assertThat(server.upload(TestServer.trainer(), "train.jsonl", DATA).status()).isEqualTo(200);
  }

  @Test
  void anUploadTakesEffectOnceUnderItsKey() {
    TestServer.Reply first =
        server.upload(TestServer.trainer(), "a.jsonl", DATA, "Idempotency-Key", "up-1");
    TestServer.Reply again =
        server.upload(TestServer.trainer(), "a.jsonl", DATA, "Idempotency-Key", "up-1");
    TestServer.Reply other =
        server.upload(
            TestServer.trainer(), "a.jsonl", "{}".getBytes(UTF_8), "Idempotency-Key", "up-1");

    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(other.status()).isEqualTo(422);
    assertThat(server.files.count()).isEqualTo(1);
  }

  @Test
  void whoStopsSendingIsNotWaitedFor() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(15_000);
      socket
          .getOutputStream()
          .write(
              ("POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + TestServer.trainer()
                      + "\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
                      + "Content-Length: 1000000\r\n\r\n--XX\r\n")
                  .getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      assertThat(in.readAllBytes()).isNotNull(); // the server hangs up
    }
    assertThat(server.files.count()).isZero();
    assertThat(server.upload(TestServer.trainer(), "a.jsonl", DATA).status()).isEqualTo(200);
  }

  @Test
  void whatIsListedReadsBackAsTheStoredFile() {
    String id = server.upload();
    StoredFile kept =
        server.files.list("default", Optional.empty(), Optional.empty(), 1).getFirst();

    assertThat(io.tuneplane.api.FileObject.of(kept).stored("default")).isEqualTo(kept);
    assertThat(kept.id()).isEqualTo(id);
  }
}

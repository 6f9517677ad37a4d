package io.tuneplane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.api.FineTuningJob;
import io.tuneplane.api.Json;
import io.tuneplane.api.KeysApi;
import io.tuneplane.api.NotFoundException;
import io.tuneplane.api.RequestException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.client.ServerException.Kind;
import io.tuneplane.dataset.Message;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HttpApiTest {

  private static final String ERROR =
      """
      {"error":{"message":"%s","type":"invalid_request_error","param":%s,"code":"%s"}}\
      """;

  private final ScriptedApi server = new ScriptedApi();
  private final AtomicReference<URI> at = new AtomicReference<>(server.url());
  private final HttpApi api = api(() -> new Server(at.get(), Optional.of("tp-key")));

  private static HttpApi api(Location location) {
    return new HttpApi(
        location,
        Trust.PUBLIC,
        _ -> {},
        new HttpApi.Here(
            () -> {
              throw new AssertionError("no data is read here");
            },
            server -> server));
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  @Test
  void theKeyIsSentAsABearerToken() {
    server.replies(200, job("running"));

    assertThat(api.jobs().get("ftjob-1").status()).isEqualTo("running");
    assertThat(server.asked().getFirst().header("Authorization")).isEqualTo("Bearer tp-key");
    assertThat(server.asked().getFirst().target()).isEqualTo("/v1/fine_tuning/jobs/ftjob-1");
  }

  @Test
  void everyCreationCarriesItsOwnIdempotencyKey() {
    String made = "{\"id\":\"key-1\",\"key\":\"tp-x\",\"role\":\"trainer\",\"expires_at\":null}";
    server.replies(200, made).replies(200, made);
    KeysApi.Wanted wanted =
        new KeysApi.Wanted("ci", "trainer", new TreeSet<>(), Optional.of(60L), Optional.empty());

    assertThat(api.keys().create(wanted).key()).isEqualTo("tp-x");
    api.keys().create(wanted);

    assertThat(server.asked().getFirst().body()).contains("\"expires_in_seconds\":60");
    assertThat(server.asked().getFirst().header("Idempotency-Key"))
        .isNotEmpty()
        .isNotEqualTo(server.asked().get(1).header("Idempotency-Key"));
  }

  @Test
  void aFileIsStreamedAsAForm() throws IOException {
    server.replies(
        200,
        """
        {"id":"file-1","object":"file","bytes":5,"created_at":7,"filename":"a.jsonl",
         "purpose":"fine-tune","status":"processed","sha256":"00"}\
        """);

    StoredFile stored =
        api.files()
            .create(
                "my \"own\".jsonl",
                "fine-tune",
                new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8)));

    assertThat(stored.id()).isEqualTo("file-1");
    ScriptedApi.Asked asked = server.asked().getFirst();
    String boundary = asked.header("Content-Type").replaceFirst(".*boundary=", "");
    assertThat(asked.body())
        .startsWith("--" + boundary + "\r\n")
        .contains("name=\"purpose\"\r\n\r\nfine-tune\r\n")
        .contains("filename=\"my %22own%22.jsonl\"\r\n")
        .endsWith("\r\n\r\nhello\r\n--" + boundary + "--\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "401, invalid_api_key, KEY_NEEDED",
    "403, forbidden, KEY_NEEDED",
    "403, policy_refused, REFUSED",
    "403, budget_exceeded, REFUSED",
    "400, not_known, WRONG",
    "503, busy, FAILED",
    "429, too_many_requests, FAILED"
  })
  void errorsKeepTheirKindSoThatExitCodesHold(int status, String code, Kind kind) {
    server.replies(status, ERROR.formatted("Some words.", "null", code));

    assertThatThrownBy(() -> api.jobs().get("ftjob-1"))
        .isInstanceOfSatisfying(
            ServerException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e).hasMessage("Some words.");
            });
  }

  @Test
  void aWrongFieldAndAMissingJobComeBackAsWhatTheyWere() {
    server
        .replies(400, ERROR.formatted("suffix: is too long", "\"suffix\"", "invalid_value"))
        .replies(404, ERROR.formatted("there is no job", "null", "not_found"));

    assertThatThrownBy(() -> api.jobs().cancel("ftjob-1"))
        .isInstanceOfSatisfying(
            RequestException.class,
            e -> assertThat(e.problems().getFirst().field()).isEqualTo("suffix"))
        .hasMessage("suffix: is too long");
    assertThatThrownBy(() -> api.jobs().cancel("ftjob-1"))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("there is no job");
  }

  @Test
  void whoeverAnswersThatIsNoTuneplaneIsNamedAsThat() {
    server.replies(502, "<html>Bad Gateway</html>").replies(200, "<html>");

    assertThatThrownBy(() -> api.jobs().get("x")).hasMessageContaining("answered 502");
    assertThatThrownBy(() -> api.jobs().get("x")).hasMessageContaining("can't read");
  }

  @Test
  void nobodyThereIsSaidWithWhatToDo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      at.set(URI.create("http://127.0.0.1:" + taken.getLocalPort()));
    }

    assertThatThrownBy(() -> api.jobs().get("x"))
        .isInstanceOfSatisfying(
            ServerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("tuneplane serve");
  }

  @Test
  void aServerThatMovedIsFoundAgain() throws IOException {
    URI moved = server.url();
    try (ServerSocket taken = new ServerSocket(0)) {
      at.set(URI.create("http://127.0.0.1:" + taken.getLocalPort()));
    }
    List<URI> asked = new ArrayList<>();
    HttpApi moving =
        api(() -> {
          Server found = new Server(at.getAndSet(moved), Optional.empty());
          asked.add(found.url());
          return found;
        });
    server.replies(200, job("queued"));

    assertThat(moving.jobs().get("x").status()).isEqualTo("queued");
    assertThat(asked).hasSize(2).endsWith(moved);
    moving.close();
  }

  @Test
  void followingSurvivesACutConnectionAndAServerThatIsAway() {
    server
        .replies(200, event(1) + event(2) + "id: 3\ndata: {\"seq\":3,\"at\"")
        .replies(503, ERROR.formatted("starting", "null", "busy"))
        .replies(200, event(2) + event(3) + "event: end\ndata: " + job("running") + "\n\n")
        .replies(200, event(4) + "event: end\ndata: " + job("succeeded") + "\n\n");
    List<Long> seen = new ArrayList<>();

    FineTuningJob ended = api.jobs().follow("ftjob-1", 0, event -> seen.add(event.seq()));

    assertThat(ended.status()).isEqualTo("succeeded");
    assertThat(seen).containsExactly(1L, 2L, 3L, 4L);
    assertThat(server.asked())
        .extracting(asked -> asked.header("Last-Event-ID"))
        .containsExactly("0", "2", "2", "3");
  }

  @Test
  void followingAJobThatIsNotThereEndsAtOnce() {
    server.replies(404, ERROR.formatted("there is no job", "null", "not_found"));

    assertThatThrownBy(() -> api.jobs().follow("x", 0, _ -> {}))
        .isInstanceOf(NotFoundException.class);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void followingGivesUpAfterAWhile() {
    assertThatThrownBy(() -> api.jobs().follow("x", 0, _ -> {}))
        .isInstanceOf(ServerException.class);
    assertThat(server.asked()).hasSizeGreaterThan(10).hasSizeLessThan(100);
  }

  @Test
  void anAnswerComesInPieces() {
    server.replies(
        200,
        """
        data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

        data: {"choices":[{"index":0,"delta":{"content":"It is "}}]}

        data: {"choices":[{"index":0,"delta":{"content":"there."},"finish_reason":null}]}

        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":2}}}

        data: [DONE]

        """);
    List<String> pieces = new ArrayList<>();

    ChatSummary summary =
        api.models()
            .chat("m", ChatRequest.greedy(List.of(Message.of("user", "Where?")), 20), pieces::add);

    assertThat(pieces).containsExactly("It is ", "there.");
    assertThat(summary).isEqualTo(new ChatSummary("stop", 9, 3, 2));
    assertThat(server.asked().getFirst().body())
        .contains("\"stream\":true", "\"max_completion_tokens\":20", "\"include_usage\":true");
  }

  @Test
  void anAnswerThatFailsInTheMiddleIsAFailure() {
    server.replies(
        200,
        "data: {\"choices\":[{\"delta\":{\"content\":\"It\"}}]}\n\ndata: "
            + ERROR.formatted("the model's server is gone", "null", "deployment_lost")
            + "\n\n");

    assertThatThrownBy(() -> api.models().chat("m", ChatRequest.greedy(List.of(), 20), _ -> {}))
        .isInstanceOf(ServerException.class)
        .hasMessage("the model's server is gone");
  }

  private static String event(long seq) {
    return "id: %d%ndata: %s%n%n"
        .formatted(
            seq,
            Json.line(
                new JobEvent(
                    seq,
                    Instant.EPOCH,
                    JobEvent.Type.MESSAGE,
                    JobEvent.Level.INFO,
                    "Event " + seq,
                    new LinkedHashMap<>(Map.of()))));
  }

  private static String job(String status) {
    return """
    {"id":"ftjob-1","object":"fine_tuning.job","created_at":1,"model":"m","organization_id":"o",\
    "result_files":[],"seed":1,"status":"%s","training_file":"file-1","metadata":{},\
    "tuneplane":{"phase":"training","paused":false,"last_progress_at":1}}\
    """
        .formatted(status);
  }
}

package io.tuneplane.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import io.tuneplane.backend.ChatRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Chats, whole and streamed, down to their bytes.
@Timeout(60)
class ChatRouteTest {

  private static final String ASK =
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";

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
  void aModelThatWillStopSaysSoWithEveryAnswer() {
    assertThat(ask("echo", "").header("Sunset")).isEqualTo("Thu, 14 Jan 2027 00:00:00 GMT");
    assertThat(ask("echo", ",\"stream\":true").header("Sunset"))
        .isEqualTo("Thu, 14 Jan 2027 00:00:00 GMT");
  }

  @Test
  void aWholeAnswerHasTextReasonAndUsage() {
    TestServer.Reply reply = ask("echo", "");

    assertThat(reply.status()).isEqualTo(200);
    JsonNode choice = reply.json().path("choices").get(0);
    assertThat(choice.path("message").path("content").asText()).isEqualTo("Hello, world");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    JsonNode usage = reply.json().path("usage");
    assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(11);
    assertThat(usage.path("total_tokens").asInt()).isEqualTo(14);
    assertThat(usage.path("prompt_tokens_details").path("cached_tokens").asInt()).isEqualTo(4);
  }

  @Test
  void theRequestReachesTheModelAsItWasAsked() throws Exception {
    ask(
        "echo",
        ",\"temperature\":0.7,\"top_p\":0.9,\"max_tokens\":9,\"max_completion_tokens\":20,"
            + "\"seed\":5,\"stop\":[\"a\",\"b\"],\"n\":1,\"logprobs\":false,\"tools\":[],"
            + "\"unheard_of\":true");

    ChatRequest asked = server.asked.get(5, TimeUnit.SECONDS);
    assertThat(asked.temperature()).hasValue(0.7);
    assertThat(asked.topP()).hasValue(0.9);
    assertThat(asked.maxTokens()).hasValue(20);
    assertThat(asked.seed()).hasValue(5);
    assertThat(asked.stop()).containsExactly("a", "b");
    assertThat(asked.messages().getFirst().content()).contains("hi");
  }

  @Test
  void aStreamIsOpenAisEventsByteForByte() {
    TestServer.Reply reply =
        ask("echo", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");

    assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
    String id = reply.text().replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    String created = reply.text().replaceAll("(?s).*?\"created\":(\\d+).*", "$1");
    String start =
        "data: {\"id\":\"%s\",\"object\":\"chat.completion.chunk\",\"created\":%s,\"model\":\"echo\","
            .formatted(id, created);
    String middle =
        start
            + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"logprobs\":null,"
            + "\"finish_reason\":null}],\"usage\":null}\n\n";
    assertThat(reply.text())
        .isEqualTo(
            start
                + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                + "\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n"
                + middle.formatted("Hello")
                + middle.formatted(", ")
                + middle.formatted("world")
                + start
                + "\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,"
                + "\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
                + start
                + "\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3,"
                + "\"total_tokens\":14,\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\n"
                + "data: [DONE]\n\n");
  }

  @Test
  void logprobsComeWithTheWholeAnswerInOpenAisShape() {
    JsonNode choice =
        ask("echo", ",\"logprobs\":true,\"top_logprobs\":2").json().path("choices").get(0);

    JsonNode content = choice.path("logprobs").path("content");
    assertThat(content).hasSize(3);
    assertThat(content.get(0).toString())
        .isEqualTo(
            "{\"token\":\"Hello\",\"logprob\":-0.25,\"bytes\":[72,101,108,108,111],"
                + "\"top_logprobs\":["
                + "{\"token\":\"Hello\",\"logprob\":-0.25,\"bytes\":[72,101,108,108,111]},"
                + "{\"token\":\"Hello\",\"logprob\":-0.25,\"bytes\":[72,101,108,108,111]}]}");
    assertThat(choice.path("message").path("content").asText()).isEqualTo("Hello, world");
  }

  @Test
  void logprobsComeWithThePiecesOfAStream() {
    List<JsonNode> chunks =
        ask("echo", ",\"stream\":true,\"logprobs\":true")
            .text()
            .lines()
            .filter(line -> line.startsWith("data: {"))
            .map(line -> json(line.substring(6)).path("choices").get(0))
            .toList();

    assertThat(chunks).hasSize(5);
    assertThat(chunks.get(1).at("/logprobs/content/0/token").asText()).isEqualTo("Hello");
    assertThat(chunks.get(1).at("/logprobs/content/0/top_logprobs")).isEmpty();
    assertThat(chunks.get(1).at("/delta/content").asText()).isEqualTo("Hello");
    assertThat(chunks.getLast().path("logprobs").isNull()).isTrue();
  }

  private static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"endless", "silent"})
  void whoLeavesBeforeAWholeAnswerHasTheModelStoppedWithinASecond(String model) throws Exception {
    long left;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(request(ASK.formatted(model, "")));
      server.asked.get(10, TimeUnit.SECONDS);
      Thread.sleep(500);
      assertThat(server.cancelledAt).isNotDone();
      left = System.nanoTime();
    }

    long stopped = server.cancelledAt.get(10, TimeUnit.SECONDS);
    assertThat(stopped - left).isLessThan(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void aClientThatWaitsGetsItsAnswerAndTheNextOnOneConnection() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(request(ASK.formatted("slow", "")));
        assertThat(answer(socket)).contains("\"content\":\"Hello, world\"");
      }
    }
  }

  private static String answer(Socket socket) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    int length = 0;
    for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring(16));
      }
    }
    char[] body = new char[length];
    for (int n = 0; n < length; n += lines.read(body, n, length - n)) {}
    return new String(body);
  }

  private static byte[] request(String body) {
    return ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Authorization: Bearer "
            + TestServer.trainer()
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(UTF_8);
  }

  @Test
  void aStreamWhoseModelDiesEndsWithAnErrorAndNoDone() {
    String text = ask("breaks", ",\"stream\":true").text();

    assertThat(text).contains("\"content\":\"two\"").doesNotContain("[DONE]", "\"stop\"");
    assertThat(text.lines().filter(line -> line.startsWith("data: ")).toList().getLast())
        .startsWith("data: {\"error\":{\"message\":")
        .contains("\"code\":\"backend_unavailable\"");
  }

  @ParameterizedTest
  @CsvSource({
    "down, 503, backend_unavailable",
    "nobody, 404, model_not_found",
    "secretive, 500, internal_error"
  })
  void whatFailsBeforeTheFirstPieceIsAStatus(String model, int status, String code) {
    for (String more : new String[] {"", ",\"stream\":true"}) {
      TestServer.Reply reply = ask(model, more);

      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.error().path("code").asText()).isEqualTo(code);
      assertThat(reply.text()).doesNotContain("sk-provider-secret", "10.0.0.7");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"endless", "silent"})
  void whoLeavesMidStreamHasTheModelStoppedWithinASecond(String model) throws Exception {
    long left;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String body = ASK.formatted(model, ",\"stream\":true");
      socket
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      + "Authorization: Bearer "
                      + TestServer.trainer()
                      + "\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8)).endsWith("200");
      left = System.nanoTime();
    }

    long stopped = server.cancelledAt.get(10, TimeUnit.SECONDS);
    assertThat(stopped - left).isLessThan(TimeUnit.SECONDS.toNanos(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"n\":1000000000 | n | unsupported",
        "\"n\":2 | n | unsupported",
        "\"max_tokens\":1000000000 | max_tokens | invalid_value",
        "\"max_tokens\":0 | max_tokens | invalid_value",
        "\"max_completion_tokens\":1.5 | max_completion_tokens | invalid_value",
        "\"temperature\":3 | temperature | invalid_value",
        "\"temperature\":1e400 | temperature | invalid_value",
        "\"temperature\":\"hot\" | temperature | invalid_value",
        "\"top_p\":-0.1 | top_p | invalid_value",
        "\"seed\":1.5 | seed | invalid_value",
        "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"] | stop | invalid_value",
        "\"stop\":\"\" | stop | invalid_value",
        "\"stream\":\"yes\" | stream | invalid_value",
        "\"stream_options\":{\"include_usage\":true} | stream_options | invalid_value",
        "\"logprobs\":1 | logprobs | invalid_value",
        "\"top_logprobs\":2 | top_logprobs | invalid_value",
        "\"logprobs\":true,\"top_logprobs\":21 | top_logprobs | invalid_value",
        "\"logprobs\":true,\"top_logprobs\":1.5 | top_logprobs | invalid_value",
        "\"tools\":[{\"type\":\"function\"}] | tools | unsupported",
        "\"response_format\":{\"type\":\"json_object\"} | response_format | unsupported",
        "\"presence_penalty\":1 | presence_penalty | unsupported",
        "\"modalities\":[\"audio\"] | modalities | unsupported",
        "\"base_url\":\"http://169.254.169.254\" | base_url | invalid_value",
        "\"api_base\":\"http://localhost\" | api_base | invalid_value",
        "\"api_key\":\"sk-x\" | api_key | invalid_value",
        "\"extra_headers\":{} | extra_headers | invalid_value"
      })
  void whatIsWrongIsNamed(String field, String param, String code) {
    TestServer.Reply reply = ask("echo", "," + field);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo(param);
    assertThat(reply.error().path("code").asText()).isEqualTo(code);
    assertThat(server.asked).isNotDone();
  }

  @Test
  void anImageIsNeverFetched() {
    TestServer.Reply reply =
        server.post(
            "/v1/chat/completions",
            TestServer.trainer(),
            "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + "\"image_url\":{\"url\":\"http://169.254.169.254/\"}}]}]}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo("messages[0].content");
  }

  @Test
  void aConversationIsBounded() {
    String turns = "{\"role\":\"user\",\"content\":\"x\"},".repeat(101).replaceFirst(",$", "");
    TestServer.Reply reply =
        server.post(
            "/v1/chat/completions",
            TestServer.trainer(),
            "{\"model\":\"echo\",\"messages\":[" + turns + "]}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo("messages");
  }

  @Test
  void moreChatsThanAreAnsweredAtOnceAre429() throws IOException {
    Socket[] open = new Socket[8];
    try {
      String body = ASK.formatted("endless", ",\"stream\":true");
      for (int i = 0; i < open.length; i++) {
        open[i] = new Socket(InetAddress.getLoopbackAddress(), server.port());
        open[i]
            .getOutputStream()
            .write(
                ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Authorization: Bearer "
                        + TestServer.trainer()
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                    .getBytes(UTF_8));
        assertThat(new String(open[i].getInputStream().readNBytes(12), UTF_8)).endsWith("200");
      }
      TestServer.Reply reply = ask("echo", "");

      assertThat(reply.status()).isEqualTo(429);
      assertThat(reply.header("Retry-After")).isEqualTo("1");
    } finally {
      for (Socket socket : open) {
        if (socket != null) {
          socket.close();
        }
      }
    }
  }

  private TestServer.Reply ask(String model, String more) {
    return server.post("/v1/chat/completions", TestServer.trainer(), ASK.formatted(model, more));
  }
}

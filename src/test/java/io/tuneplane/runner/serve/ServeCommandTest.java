package io.tuneplane.runner.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.model.TinyLlama;
import io.tuneplane.runner.ExitCode;
import io.tuneplane.runner.serve.engine.TinyAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The server as a client sees it: the real command on a real port, with Java's own HTTP client.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-11-24T04:00:00Z");
  private static final String HELLO =
      "\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";

  private final HttpClient client = HttpClient.newHttpClient();
  private final PipedOutputStream parent = new PipedOutputStream();
  private Path folder;
  private ServeCommand command;
  private CompletableFuture<ExitCode> exit;
  private String address;

  @BeforeAll
  void start(@TempDir Path shared) throws Exception {
    folder = shared;
    Path base = TinyLlama.seeded(3).withUntiedHead().writeFolder(folder.resolve("tiny"));
    try (BaseModel model = Models.open(base)) {
      for (String name : List.of("first", "second")) {
        new TinyAdapter(model.config(), name.length(), 3, 6, List.of("q_proj", "down_proj"), 2)
            .write(folder.resolve(name));
      }
    }
    Path token = Files.writeString(folder.resolve("token"), "a-secret\n");
    PipedInputStream in = new PipedInputStream(parent);
    PipedInputStream out = new PipedInputStream();
    PrintStream printed = new PrintStream(new PipedOutputStream(out), true, UTF_8);
    command = new ServeCommand(in, printed, System.err, () -> NOW);
    List<String> arguments =
        List.of(
            "--model",
            base.toString(),
            "--token-file",
            token.toString(),
            "--quantization",
            "fp32",
            "--adapter",
            "first=" + folder.resolve("first"),
            "--max-context",
            "512",
            "--threads",
            "1",
            "--max-sequences",
            "2",
            "--max-queue",
            "2",
            "--unverified-adapters",
            "--exit-on-eof");
    exit = new CompletableFuture<>();
    Thread.ofPlatform().name("server").start(() -> exit.complete(command.run(arguments)));
    address = "http://127.0.0.1:" + ready(out);
  }

  private static int ready(InputStream out) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = out.read(); c != '\n'; c = out.read()) {
      line.append((char) c);
    }
    assertThat(line.toString()).matches("ready [0-9]+");
    return Integer.parseInt(line.substring("ready ".length()));
  }

  @AfterAll
  void theEndOfItsInputEndsIt() throws Exception {
    parent.close();
    assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
    client.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer a-secret");
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> chat(String fields) throws Exception {
    return post("/v1/chat/completions", "{" + fields + "}");
  }

  @Test
  void onlyHealthIsOpen() throws Exception {
    for (String token : List.of("Bearer wrong", "Bearer ' OR '1'='1", "a-secret", "Bearer")) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + "/v1/models"))
              .header("Authorization", token)
              .build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.body())
          .isEqualTo(
              "{\"error\":{\"message\":\"Unauthorized\",\"type\":\"Unauthorized\",\"param\":null,\"code\":401}}");
    }
    HttpRequest health = HttpRequest.newBuilder(URI.create(address + "/health")).build();
    assertThat(client.send(health, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  @Test
  void aWholeAnswerHasOpenAisShape() throws Exception {
    HttpResponse<String> response =
        chat(
            HELLO
                + ",\"max_tokens\":5,\"temperature\":0,\"ignore_eos\":true,\"logprobs\":true,\"top_logprobs\":2");
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode json = JSON.readTree(response.body());
    assertThat(json.path("object").asText()).isEqualTo("chat.completion");
    assertThat(json.path("created").asLong()).isEqualTo(NOW.getEpochSecond());
    JsonNode choice = json.path("choices").path(0);
    assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    assertThat(choice.path("message").path("role").asText()).isEqualTo("assistant");
    JsonNode tokens = choice.path("logprobs").path("content");
    assertThat(tokens).hasSize(5);
    assertThat(tokens.path(0).path("top_logprobs")).hasSize(2);
    assertThat(tokens.path(0).path("logprob").asDouble())
        .isEqualTo(tokens.path(0).path("top_logprobs").path(0).path("logprob").asDouble());
    assertThat(json.path("usage").path("completion_tokens").asInt()).isEqualTo(5);
    assertThat(json.path("usage").path("total_tokens").asInt())
        .isEqualTo(json.path("usage").path("prompt_tokens").asInt() + 5);
  }

  @Test
  void aStreamIsTheWholeAnswerInEventsToTheByte() throws Exception {
    String fields = HELLO + ",\"max_tokens\":12,\"seed\":4,\"ignore_eos\":true";
    String whole =
        JSON.readTree(chat(fields).body())
            .path("choices")
            .path(0)
            .path("message")
            .path("content")
            .asText();
    String body =
        chat(fields + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}").body();
    assertThat(body).startsWith("data: {\"id\":\"chatcmpl-").endsWith("}\n\ndata: [DONE]\n\n");
    List<JsonNode> events = events(body);
    assertThat(
            events.stream()
                .map(e -> e.path("choices").path(0).path("delta").path("content").asText(""))
                .collect(Collectors.joining()))
        .isEqualTo(whole);
    assertThat(events.getFirst().path("choices").path(0).path("delta").path("role").asText())
        .isEqualTo("assistant");
    JsonNode usage = events.getLast();
    assertThat(usage.path("choices")).isEmpty();
    assertThat(usage.path("usage").path("completion_tokens").asInt()).isEqualTo(12);
    assertThat(events.get(events.size() - 2).path("choices").path(0).path("finish_reason").asText())
        .isEqualTo("length");
  }

  private static List<JsonNode> events(String body) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String event : body.split("\n\n", -1)) {
      if (event.startsWith("data: {")) {
        events.add(JSON.readTree(event.substring("data: ".length())));
      }
    }
    return events;
  }

  @Test
  void adaptersComeAndGoWhileOthersAnswer() throws Exception {
    CompletableFuture<HttpResponse<String>> busy =
        CompletableFuture.supplyAsync(
            () -> uncheckedChat(HELLO + ",\"max_tokens\":200,\"ignore_eos\":true,\"stream\":true"));
    String load =
        "{\"lora_name\":\"second\",\"lora_path\":\"%s\"}".formatted(folder.resolve("second"));
    HttpResponse<String> loaded = post("/v1/load_lora_adapter", load);
    assertThat(loaded.statusCode()).isEqualTo(200);
    assertThat(loaded.body()).isEqualTo("Success: LoRA adapter 'second' added successfully.");
    HttpResponse<String> again = post("/v1/load_lora_adapter", load);
    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(again.body()).contains("InvalidUserInput");
    assertThat(parents()).containsEntry("second", "tiny").containsEntry("first", "tiny");
    String question = HELLO.replace("\"tiny\"", "\"second\"") + ",\"max_tokens\":3";
    assertThat(chat(question).statusCode()).isEqualTo(200);
    String unload = "{\"lora_name\":\"second\"}";
    assertThat(post("/v1/unload_lora_adapter", unload).statusCode()).isEqualTo(200);
    assertThat(post("/v1/unload_lora_adapter", unload).statusCode()).isEqualTo(404);
    HttpResponse<String> gone = chat(question);
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(gone.body()).contains("The model `second` does not exist.", "NotFoundError");
    assertThat(busy.get(60, TimeUnit.SECONDS).body()).endsWith("data: [DONE]\n\n");
  }

  private HttpResponse<String> uncheckedChat(String fields) {
    try {
      return chat(fields);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private java.util.Map<String, String> parents() throws Exception {
    JsonNode models =
        JSON.readTree(client.send(request("/v1/models").build(), BodyHandlers.ofString()).body());
    java.util.Map<String, String> parents = new java.util.HashMap<>();
    models.path("data").forEach(m -> parents.put(m.path("id").asText(), m.path("parent").asText()));
    assertThat(parents).containsEntry("tiny", "null");
    return parents;
  }

  @Test
  void anAdapterThatIsNotThereIs404() throws Exception {
    HttpResponse<String> response =
        post(
            "/v1/load_lora_adapter",
            "{\"lora_name\":\"x\",\"lora_path\":\"%s\"}".formatted(folder.resolve("nowhere")));
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("No adapter found");
  }

  @Test
  void wrongRequestsAreRefusedByName() throws Exception {
    String[][] cases = {
      {HELLO + ",\"n\":1000000000", "'n' must be a whole number from 1 to 1"},
      {HELLO + ",\"max_tokens\":1000000000", "'max_tokens'"},
      {HELLO + ",\"max_tokens\":0", "'max_tokens'"},
      {HELLO + ",\"temperature\":1e400", "'temperature'"},
      {HELLO + ",\"top_p\":0", "'top_p'"},
      {HELLO + ",\"stop\":[\"a\",1]", "'stop'"},
      {HELLO + ",\"top_logprobs\":3", "'top_logprobs'"},
      {HELLO + ",\"stream\":\"yes\"", "'stream'"},
      {HELLO + ",\"seed\":1.5", "'seed'"},
      {"\"model\":\"tiny\"", "'messages'"},
      {"\"model\":\"tiny\",\"messages\":[]", "'messages'"},
      {"\"model\":\"tiny\",\"messages\":[{\"role\":\"root\",\"content\":\"x\"}]", "'root'"},
      {
        "\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]",
        "Only text"
      },
      {"\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]", "'model'"},
      {HELLO + ",\"model\":\"tiny\"", "JSON"},
      {HELLO + ",\"x\":" + "[".repeat(100_000), "JSON"},
      {"\"model\":\"tiny\",\"messages\":[" + messages(100_000) + "]", "413"},
      {"\"model\":\"tiny\",\"messages\":[" + messages(5_000) + "]", "at most 2048"},
      {
        "\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + "ab ".repeat(2000)
            + "\"}]",
        "maximum context length is 512"
      },
    };
    for (String[] c : cases) {
      long before = System.nanoTime();
      HttpResponse<String> response = chat(c[0]);
      assertThat(response.statusCode()).as(c[1]).isIn(400, 413);
      JsonNode error = JSON.readTree(response.body()).path("error");
      assertThat(error.path("message").asText() + error.path("code").asInt()).contains(c[1]);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
    }
  }

  private static String messages(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> "{\"role\":\"user\",\"content\":\"x\"}")
        .collect(Collectors.joining(","));
  }

  @Test
  void unknownRoutesAre404InTheSameShape() throws Exception {
    HttpResponse<String> response = post("/v1/../etc/passwd", "{}");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).contains("NotFoundError");
  }

  @Test
  void aHarmlessRequestIdIsKeptAndAnotherReplaced() throws Exception {
    for (String id : List.of("abc-1.2_3", "x".repeat(65), "a b", "<script>")) {
      HttpResponse<String> response =
          client.send(
              request("/v1/models").header("X-Request-Id", id).build(), BodyHandlers.ofString());
      Optional<String> given = response.headers().firstValue("X-Request-Id");
      if (id.equals("abc-1.2_3")) {
        assertThat(given).contains(id);
      } else {
        assertThat(given.orElseThrow()).matches("req-[0-9a-f-]{36}");
      }
    }
  }

  @Test
  void aFullQueueAnswers429AndAClientThatLeavesMakesRoom() throws Exception {
    List<HttpResponse<InputStream>> streams = new ArrayList<>();
    String endless = "{" + HELLO + ",\"ignore_eos\":true,\"stream\":true}";
    HttpResponse<String> refused = null;
    for (int i = 0; i < 12 && refused == null; i++) {
      HttpResponse<InputStream> stream =
          client.send(
              request("/v1/chat/completions")
                  .POST(HttpRequest.BodyPublishers.ofString(endless))
                  .build(),
              BodyHandlers.ofInputStream());
      streams.add(stream);
      if (stream.statusCode() == 429) {
        assertThat(stream.headers().firstValue("Retry-After")).contains("1");
        assertThat(new String(stream.body().readAllBytes(), UTF_8)).contains("TooManyRequests");
        break;
      }
    }
    for (HttpResponse<InputStream> stream : streams) {
      stream.body().close();
    }
    assertThat(eventually(HELLO + ",\"max_tokens\":2")).isEqualTo(200);
  }

  private int eventually(String fields) throws Exception {
    int status = 429;
    for (int i = 0; i < 100 && status == 429; i++) {
      status = chat(fields).statusCode();
      TimeUnit.MILLISECONDS.sleep(status == 429 ? 100 : 0);
    }
    return status;
  }

  @Test
  void theGateComparesWithGoldenAnswers() throws Exception {
    JsonNode answer =
        JSON.readTree(
            chat(HELLO
                    + ",\"max_tokens\":1,\"temperature\":0,\"ignore_eos\":true,\"logprobs\":true")
                .body());
    double logprob =
        answer
            .path("choices")
            .path(0)
            .path("logprobs")
            .path("content")
            .path(0)
            .path("logprob")
            .asDouble();
    assertThat(logprob).isNegative();
    String item = "{\"prompt_tokens\":[1,9,8],\"tokens\":[%d],\"logprobs\":[%s],\"text\":\"\"}";
    HttpResponse<String> far =
        post(
            "/v1/tuneplane/score",
            "{\"model\":\"first\",\"items\":[%s]}".formatted(item.formatted(7, "-0.5")));
    assertThat(far.statusCode()).isEqualTo(200);
    JsonNode report = JSON.readTree(far.body());
    assertThat(report.path("passed").asBoolean()).isFalse();
    assertThat(report.path("quantization").asText()).isEqualTo("fp32");
    assertThat(report.path("tokens").asInt()).isEqualTo(1);
    assertThat(report.path("mean_abs_logprob_diff").asDouble()).isGreaterThan(0.02);
    HttpResponse<String> wrong =
        post(
            "/v1/tuneplane/score",
            "{\"model\":\"first\",\"items\":[%s]}".formatted(item.formatted(999_999, "-0.5")));
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).contains("'tokens' must be ids");
  }

  @Test
  void wrongCommandLinesAreUsageErrors() {
    String[][] cases = {
      {"--model x", "--token-file"},
      {"--model x --token-file y --host 0.0.0.0", "TLS|tls"},
      {"--model x --token-file y --tls-key k", "go together"},
      {"--model x --token-file y --nonsense", "nonsense"},
    };
    for (String[] c : cases) {
      ByteArrayOutputStream words = new ByteArrayOutputStream();
      PrintStream err = new PrintStream(words, true, UTF_8);
      ServeCommand other = new ServeCommand(InputStream.nullInputStream(), err, err, () -> NOW);
      assertThat(other.run(List.of(c[0].split(" ")))).isEqualTo(ExitCode.USAGE);
      assertThat(words.toString(UTF_8)).containsPattern(c[1]);
    }
  }
}

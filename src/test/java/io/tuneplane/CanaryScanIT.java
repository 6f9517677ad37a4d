package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import io.tuneplane.backend.openai.FakeOpenAi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that is given secrets in every way there is, and made to fail where it can: afterwards
/// nothing that it wrote, said or answered holds one of them.
@Timeout(240)
class CanaryScanIT {

  private static final String PROMPT = "canary-prompt-5kQ9";
  private static final String HUB = "hf_canaryHubToken7Xw2";
  private static final String WRONG = "tp-canaryWrongKey0000000000000000000000000000000000";

  @TempDir Path home;
  private final List<String> said = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void noSecretIsInAnythingThatAServerLeavesBehindOrSays() throws Exception {
    try (FakeOpenAi host = new FakeOpenAi(Instant.now());
        TunedProcess server = TunedProcess.start(home, environment(host), serve())) {
      String url = server.url();
      String admin = Files.readString(dataDir().resolve("admin.key")).strip();
      String trainer = key(url, admin);

      exercise(url, admin, trainer, host);
      String arguments =
          new String(
              Files.readAllBytes(Path.of("/proc", server.pid(), "cmdline")),
              StandardCharsets.UTF_8);
      server.signal("TERM");
      server.end();

      List<String> secrets = List.of(admin, trainer, FakeOpenAi.KEY, HUB, WRONG.substring(3, 30));
      said.addAll(List.of(arguments, server.out(), server.err()));
      assertThat(said).hasSizeGreaterThan(12);
      for (String secret : secrets) {
        assertThat(said).as("said").noneMatch(text -> text.contains(secret));
        assertThat(filesWith(secret))
            .as("files with " + secret.substring(0, 6))
            .isSubsetOf(secret.equals(admin) ? List.of("admin.key") : List.of());
      }
      assertThat(said).as("prompts").noneMatch(text -> text.contains(PROMPT));
      assertThat(filesWith(PROMPT)).isEmpty();
      assertThat(Files.getPosixFilePermissions(dataDir().resolve("admin.key"))).hasSize(2);
    }
  }

  private Path dataDir() {
    return home.resolve("data");
  }

  private String[] serve() {
    return new String[] {"serve", "--port", "0", "--data-dir", dataDir().toString()};
  }

  private static Map<String, String> environment(FakeOpenAi host) {
    Map<String, String> all = new HashMap<>();
    all.put("TUNEPLANE_OPENAI_BASE_URL", host.url().toString());
    all.put("TUNEPLANE_OPENAI_API_KEY", FakeOpenAi.KEY);
    all.put("TUNEPLANE_OPENAI_MODELS", "gpt-4o-mini-2024-07-18");
    all.put("TUNEPLANE_OPENAI_PRIVATE_ADDRESSES", "127.0.0.1");
    all.put("HF_TOKEN", HUB);
    all.put("HF_HUB_OFFLINE", "true");
    all.put("TUNEPLANE_HUB_PIP", "none");
    return all;
  }

  private String key(String url, String admin) throws Exception {
    String made = ask("POST", url + "/api/v1/keys", admin, "{\"name\":\"t\",\"role\":\"trainer\"}");
    said.removeLast(); // the one answer that a key is in
    return Json.mapper().readTree(made).path("key").asText();
  }

  /// A job from its file to its answer, and every kind of failure that has words.
  private void exercise(String url, String admin, String trainer, FakeOpenAi host)
      throws Exception {
    String file = upload(url, trainer);
    String asked =
        "{\"model\":\"gpt-4o-mini-2024-07-18\",\"training_file\":\"%s\"}".formatted(file);
    JsonNode job =
        Json.mapper().readTree(ask("POST", url + "/v1/fine_tuning/jobs", trainer, asked));
    String one = url + "/v1/fine_tuning/jobs/" + job.path("id").asText();
    while (!ask("GET", one, trainer, "").matches("(?s).*\"status\":\"(succeeded|failed)\".*")) {
      host.advance(Duration.ofSeconds(20));
      Thread.sleep(200);
    }
    JsonNode ended = Json.mapper().readTree(said.getLast());
    assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("succeeded");
    String chat =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(ended.path("fine_tuned_model").asText(), PROMPT);
    ask("POST", url + "/v1/chat/completions", trainer, chat);
    assertThat(said.removeLast()).as("what the model says").contains(PROMPT);
    ask("POST", url + "/v1/chat/completions", trainer, chat.replace("ft:", "ft:none"));
    ask("POST", url + "/v1/chat/completions", WRONG, chat);
    ask(
        "POST",
        url + "/v1/chat/completions",
        trainer,
        chat.replace("\"messages\"", "\"api_key\":\"" + WRONG + "\",\"messages\""));
    ask(
        "POST",
        url + "/api/v1/provider-keys",
        admin,
        "{\"name\":\"openai\",\"key\":\"" + WRONG + "\"}");
    ask(
        "POST",
        url + "/v1/fine_tuning/jobs",
        trainer,
        "{\"model\":\"m\",\"training_file\":\"" + WRONG);
    for (String path :
        List.of(
            "/metrics",
            "/api/v1/audit?limit=1000",
            "/api/v1/keys",
            "/api/v1/provider-keys",
            "/api/v1/backends",
            "/openapi.json",
            "/readyz",
            "/api/v1/deployments")) {
      ask("GET", url + path, admin, "");
    }
    ask("GET", one + "/events?limit=100", trainer, "");
  }

  private String upload(String url, String key) throws Exception {
    String data =
        IntStream.range(0, 20)
            .mapToObj(i ->
                """
                {"messages":[{"role":"user","content":"Where is order %d?"},\
                {"role":"assistant","content":"It is on its way, number %d."}]}\
                """
                    .formatted(i, i))
            .collect(Collectors.joining("\n"));
    String form =
        "--X\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--X\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n"
            + data
            + "\r\n--X--\r\n";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/files"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "multipart/form-data; boundary=X")
            .POST(BodyPublishers.ofString(form))
            .build();
    String answer = client.send(request, BodyHandlers.ofString()).body();
    return Json.mapper().readTree(answer).path("id").asText();
  }

  private String ask(String method, String url, String key, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    String answer = client.send(request, BodyHandlers.ofString()).body();
    said.add(answer);
    return answer;
  }

  /// The files below the home that hold a text, by their names.
  private List<String> filesWith(String text) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    try (Stream<Path> all = Files.walk(home)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> holds(file, wanted))
          .map(file -> String.valueOf(file.getFileName()))
          .toList();
    }
  }

  private static boolean holds(Path file, byte[] wanted) {
    try {
      String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return bytes.contains(new String(wanted, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

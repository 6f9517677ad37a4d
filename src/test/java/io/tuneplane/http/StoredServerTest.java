package io.tuneplane.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.access.Caller;
import io.tuneplane.access.KeyRing;
import io.tuneplane.access.Secrets;
import io.tuneplane.api.Api;
import io.tuneplane.api.InProcessFiles;
import io.tuneplane.api.InProcessKeys;
import io.tuneplane.api.Json;
import io.tuneplane.store.Database;
import io.tuneplane.store.SqlFiles;
import io.tuneplane.store.SqlKeys;
import io.tuneplane.store.SqlReplies;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server over a real database: keys, files and answers that are kept in SQLite.
class StoredServerTest {

  @TempDir Path folder;
  private final MemoryJobs jobs = new MemoryJobs();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Database database;
  private HttpServer server;
  private String admin;

  @BeforeEach
  void start() throws IOException {
    database = Database.open(folder, Optional.empty());
    KeyRing ring =
        new KeyRing(
            new SqlKeys(database),
            Secrets.open(folder, Optional.empty()),
            new SecureRandom(),
            database.clock(),
            System::nanoTime);
    SqlFiles files =
        new SqlFiles(database, folder.resolve("files"), new SecureRandom(), database.clock());
    admin = ring.bootstrap(folder.resolve("admin.key"), "default").orElseThrow().secret();
    server =
        HttpServer.start(
            new Surroundings(
                caller -> api(caller, ring, files),
                ring::authenticate,
                TestServer.runners(folder),
                new SqlReplies(database),
                new Surroundings.State("1", Optional::empty, Map::of),
                database.clock(),
                Thread::sleep),
            HttpSettings.on(HttpSettings.LOOPBACK, 0));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    database.close();
  }

  private Api api(Caller caller, KeyRing ring, SqlFiles files) {
    Map<String, Object> facets =
        Map.of(
            "files", new InProcessFiles(caller, files),
            "jobs", jobs.of(caller),
            "keys", new InProcessKeys(caller, ring, database.clock()));
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (_, method, _) -> Optional.ofNullable(facets.get(method.getName())).orElseThrow());
  }

  @Test
  void aKeyWorksUntilItIsTakenBackAndForItsOrganisationAlone() throws Exception {
    JsonNode made = make("trainer", "default");
    String key = made.path("key").asText();
    assertThat(status("GET", "/v1/files", key)).isEqualTo(200);
    assertThat(status("GET", "/api/v1/keys", key)).isEqualTo(403);
    String foreign = make("admin", "other").path("key").asText();
    assertThat(status("DELETE", "/api/v1/keys/" + made.path("id").asText(), foreign))
        .isEqualTo(404);

    assertThat(status("DELETE", "/api/v1/keys/" + made.path("id").asText(), admin)).isEqualTo(200);
    assertThat(status("GET", "/v1/files", key)).isEqualTo(401);
  }

  @Test
  void aHundredAtOnceUnderOneKeyMakeOneJob() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> all =
          IntStream.range(0, 100)
              .mapToObj(_ ->
                  threads.submit(() ->
                      send(json(
                                  "/v1/fine_tuning/jobs",
                                  admin,
                                  "{\"model\":\"m\",\"training_file\":\"f\"}")
                              .header("Idempotency-Key", "k"))
                          .body()))
              .toList();
      String first = id(all.getFirst().get());
      for (Future<String> one : all) {
        assertThat(id(one.get())).isEqualTo(first);
      }
    }
    assertThat(jobs.count()).isEqualTo(1);
  }

  private static String id(String job) throws IOException {
    return Json.mapper().readTree(job).path("id").asText();
  }

  @Test
  void aFileIsKeptByItsContentAndComesBack() throws Exception {
    byte[] data = "{\"messages\": []}\n".getBytes(UTF_8);
    HttpResponse<String> made =
        send(
            request("/v1/files", admin)
                .header("Content-Type", "multipart/form-data; boundary=XX")
                .POST(BodyPublishers.ofByteArray(Forms.of("XX", "../../x.jsonl", data))));

    assertThat(made.statusCode()).isEqualTo(200);
    String content = send(request("/v1/files/" + id(made.body()) + "/content", admin).GET()).body();
    assertThat(content).isEqualTo("{\"messages\": []}\n");
  }

  @Test
  void noKeyIsInAnythingThatIsKept() throws Exception {
    String key = make("trainer", "default").path("key").asText();
    send(
        json("/api/v1/keys", admin, "{\"name\":\"n\",\"role\":\"viewer\"}")
            .header("Idempotency-Key", "k"));
    try (Stream<Path> kept = Files.walk(folder)) {
      assertThat(kept.filter(Files::isRegularFile).filter(f -> !f.endsWith("admin.key")))
          .isNotEmpty()
          .allSatisfy(file -> {
            String bytes = Files.readString(file, ISO_8859_1);
            assertThat(bytes).doesNotContain(key).doesNotContain(admin);
          });
    }
  }

  private JsonNode make(String role, String organisation) throws Exception {
    String body =
        "{\"name\":\"n\",\"role\":\"%s\",\"organisation\":\"%s\"}".formatted(role, organisation);
    return Json.mapper().readTree(send(json("/api/v1/keys", admin, body)).body());
  }

  private int status(String method, String path, String key) throws Exception {
    return send(request(path, key).method(method, BodyPublishers.noBody())).statusCode();
  }

  private HttpRequest.Builder json(String path, String key, String body) {
    return request(path, key)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .timeout(TestServer.LONGEST)
        .header("Authorization", "Bearer " + key);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}

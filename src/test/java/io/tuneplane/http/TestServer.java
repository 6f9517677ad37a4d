package io.tuneplane.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.access.Caller;
import io.tuneplane.access.Role;
import io.tuneplane.api.Api;
import io.tuneplane.api.InProcessFiles;
import io.tuneplane.api.Json;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.remote.RunnerDoor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/// A real server on a free port over facets that are told what to do. The key of a role is its name
/// with the organisation's behind it: `tp-trainer-default`.
final class TestServer implements AutoCloseable {

  static final Duration LONGEST = Duration.ofSeconds(30);

  final MemoryFiles files;
  final MemoryJobs jobs = new MemoryJobs();
  final MemoryReplies replies = new MemoryReplies();
  final FakeKeys keys;
  final CompletableFuture<Long> cancelledAt = new CompletableFuture<>();
  final CompletableFuture<ChatRequest> asked = new CompletableFuture<>();

  final RunnerDoor runners;

  private final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestServer(Path folder, HttpSettings settings, Optional<HttpServer.TlsFiles> tls) {
    this.files = new MemoryFiles(folder);
    this.keys = new FakeKeys(folder);
    this.runners = runners(folder);
    this.server =
        HttpServer.start(
            new Surroundings(
                this::api,
                TestServer::authenticate,
                runners,
                replies,
                new Surroundings.State(
                    "1.2.3", Optional::empty, () -> Map.of("running", 2L, "failed", 1L)),
                InstantSource.system(),
                Thread::sleep),
            settings,
            tls);
  }

  /// Lets runners in by tokens that are a digest of nothing secret.
  static RunnerDoor runners(Path folder) {
    return new RunnerDoor(
        folder.resolve("runners"),
        text -> Fingerprint.of(Fingerprint.bytes(text)),
        new java.util.Random(1),
        InstantSource.system());
  }

  static TestServer start(Path folder) {
    return start(folder, settings(1 << 20));
  }

  static TestServer start(Path folder, HttpSettings settings) {
    return new TestServer(folder, settings, Optional.empty());
  }

  /// Over TLS.
  static TestServer start(Path folder, HttpServer.TlsFiles tls) {
    return new TestServer(folder, settings(1 << 20), Optional.of(tls));
  }

  /// @param fileBytes the longest file
  static HttpSettings settings(long fileBytes) {
    return settings(fileBytes, 0);
  }

  /// @param port where it listens
  static HttpSettings settings(long fileBytes, int port) {
    return new HttpSettings(
        HttpSettings.LOOPBACK,
        port,
        new HttpSettings.Sizes(fileBytes, 256 * 1024, 16 * 1024, 100),
        new HttpSettings.Crowd(200, 8, 4),
        new HttpSettings.Times(
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            Duration.ofMinutes(10)));
  }

  static String key(Role role, String organisation) {
    return "tp-" + role.wireName() + "-" + organisation;
  }

  static String trainer() {
    return key(Role.TRAINER, "default");
  }

  private static Optional<Caller> authenticate(String key) {
    for (Role role : Role.values()) {
      for (String organisation : new String[] {"default", "other"}) {
        if (key.equals(key(role, organisation))) {
          return Optional.of(
              new Caller(
                  "key-" + role + organisation, "test", organisation, role, new TreeSet<>()));
        }
      }
    }
    return Optional.empty();
  }

  private Api api(Caller caller) {
    Map<String, Object> facets =
        Map.of(
            "files", new InProcessFiles(caller, files),
            "jobs", jobs.of(caller),
            "models", new ScriptedModels(caller.organisation(), cancelledAt, asked),
            "keys", keys.of(caller),
            "providerKeys", keys.providers(caller),
            "backends", FakeGovernance.backends(),
            "costs", FakeGovernance.costs(),
            "decisions", FakeGovernance.decisions(caller),
            "attestations", FakeGovernance.attestations(),
            "audit", FakeGovernance.audit());
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (_, method, _) -> {
              Object facet = facets.get(method.getName());
              if (facet == null) {
                throw new AssertionError("the server asked for " + method.getName());
              }
              return facet;
            });
  }

  int port() {
    return server.port();
  }

  String url() {
    return server.url();
  }

  HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(URI.create(url() + path))
        .timeout(LONGEST)
        .header("Authorization", "Bearer " + key);
  }

  Reply get(String path, String key) {
    return send(request(path, key).GET());
  }

  Reply post(String path, String key, String json) {
    return send(
        request(path, key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      return new Reply(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  HttpClient client() {
    return client;
  }

  /// Uploads a file as the SDKs do.
  Reply upload(String key, String filename, byte[] content, String... headers) {
    HttpRequest.Builder request =
        request("/v1/files", key)
            .header("Content-Type", "multipart/form-data; boundary=XX")
            .POST(BodyPublishers.ofByteArray(Forms.of("XX", filename, content)));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request);
  }

  /// Uploads a small data file.
  ///
  /// @return its id
  String upload() {
    return upload(
            trainer(),
            "train.jsonl",
            "{\"messages\":[]}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .json()
        .get("id")
        .asText();
  }

  /// A new job.
  ///
  /// @return its id
  String job() {
    return post("/v1/fine_tuning/jobs", trainer(), "{\"model\":\"m\",\"training_file\":\"file-1\"}")
        .json()
        .get("id")
        .asText();
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }

  /// An answer.
  record Reply(HttpResponse<byte[]> response) {

    int status() {
      return response.statusCode();
    }

    String text() {
      return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return Json.mapper().readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(text(), e);
      }
    }

    JsonNode error() {
      return json().path("error");
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }
}

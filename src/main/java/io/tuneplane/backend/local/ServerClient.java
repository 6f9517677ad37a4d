package io.tuneplane.backend.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.CompletionBody;
import io.tuneplane.backend.CompletionStream;
import io.tuneplane.backend.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Speaks to one `runner serve` (`docs/runner-serve.md`). Safe for many threads.
final class ServerClient {

  // Until the first byte of an answer: a long prompt in a full queue takes a while on a CPU.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final HttpClient http;
  private final ServerProcess server;

  ServerClient(HttpClient http, ServerProcess server) {
    this.http = http;
    this.server = server;
  }

  void loadAdapter(String name, String path) throws IOException {
    byte[] body = LocalJson.bytes(Map.of("lora_name", name, "lora_path", path));
    post("deploy", "/v1/load_lora_adapter", body);
  }

  void unloadAdapter(String name) throws IOException {
    post("undeploy", "/v1/unload_lora_adapter", LocalJson.bytes(Map.of("lora_name", name)));
  }

  /// The gate's report on golden answers.
  JsonNode score(String model, List<JsonNode> items) throws IOException {
    byte[] body = LocalJson.bytes(Map.of("model", model, "items", items));
    return parse("gate", post("gate", "/v1/tuneplane/score", body));
  }

  ChatSummary chat(String model, ChatRequest request, CompletionStream stream) throws IOException {
    HttpResponse<InputStream> response =
        send(
            "/v1/chat/completions",
            CompletionBody.of(model, request),
            BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw failure("chat", response, new String(body.readAllBytes(), UTF_8));
      }
      return stream.read(body);
    }
  }

  private String post(String operation, String route, byte[] body) throws IOException {
    HttpResponse<String> response = send(route, body, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw failure(operation, response, response.body());
    }
    return response.body();
  }

  private <T> HttpResponse<T> send(String route, byte[] body, HttpResponse.BodyHandler<T> reader)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + route))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + server.token())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try {
      return http.send(request, reader);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static BackendException failure(String operation, HttpResponse<?> response, String body) {
    String words = words(body);
    return switch (response.statusCode()) {
      case 401, 403 -> new BackendException.Unauthorized(LocalTraining.NAME, operation, words);
      case 404 -> new BackendException.RunLost(LocalTraining.NAME, operation, words);
      case 429 ->
          new BackendException.Exhausted(
              LocalTraining.NAME, operation, words, retryAfter(response));
      case 400, 413, 422 ->
          new BackendException.Rejected(
              LocalTraining.NAME, operation, List.of(new Problem("request", words)));
      default ->
          new BackendException.Unavailable(
              LocalTraining.NAME, operation, response.statusCode() + ": " + words);
    };
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(s -> s.matches("[0-9]{1,6}"))
        .map(s -> Duration.ofSeconds(Long.parseLong(s)));
  }

  private static String words(String body) {
    try {
      return LocalJson.MAPPER.readTree(body).path("error").path("message").asText(body);
    } catch (JsonProcessingException _) {
      return body; // Not JSON: then these are the words.
    }
  }

  private static JsonNode parse(String operation, String body) {
    try {
      return LocalJson.MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new BackendException.Misunderstood(
          LocalTraining.NAME, operation, "the server's answer is not JSON", e);
    }
  }
}

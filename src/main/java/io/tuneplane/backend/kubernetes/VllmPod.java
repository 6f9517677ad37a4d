package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/// Speaks to one pod of a server, by way of the API server (`docs/kubernetes.md`). Safe for many
/// threads.
///
/// @param cluster the cluster
/// @param name the pod's name
/// @param token the server's token
record VllmPod(Cluster cluster, String name, String token) {

  private static final String TOKEN = "Tuneplane-Token";
  private static final List<String> FILES =
      List.of("adapter_config.json", "adapter_model.safetensors");

  /// The pod does not know the model: it was restarted, or another took its place.
  static final class UnknownModelException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /// The adapters that it holds.
  Set<String> adapters() throws IOException {
    JsonNode models = json("observe", "GET", "/v1/models", null);
    Set<String> names = new TreeSet<>();
    for (JsonNode model : models.path("data")) {
      String id = model.path("id").asText();
      if (id.startsWith("adapter-")) {
        names.add(id);
      }
    }
    return names;
  }

  /// Brings an adapter's files there and loads them.
  void load(String adapter, Path folder) throws IOException {
    ObjectNode digests = Json.object();
    for (String file : FILES) {
      Path path = folder.resolve(file);
      send("deploy", "PUT", "/adapters/" + adapter + "/" + file, Files.readAllBytes(path)).close();
      digests.put(file, ResultCheck.sha256(path));
    }
    ObjectNode body = Json.object();
    body.set("files", digests);
    send("deploy", "POST", "/adapters/" + adapter, Json.bytes(body)).close();
  }

  void unload(String adapter) throws IOException {
    send("undeploy", "DELETE", "/adapters/" + adapter, null).close();
  }

  /// The log-probability of each of some tokens, given those before it.
  ///
  /// @param tokens the whole sequence
  /// @return one for each token but the first; empty where the server gave none
  JsonNode promptLogprobs(String model, JsonNode tokens) throws IOException {
    ObjectNode body = Json.object().put("model", model).put("max_tokens", 1).put("temperature", 0);
    body.put("prompt_logprobs", 0);
    body.set("prompt", tokens);
    JsonNode answer = json("gate", "POST", "/v1/completions", Json.bytes(body));
    return answer.path("choices").path(0).path("prompt_logprobs");
  }

  /// Asks for an answer.
  ///
  /// @throws UnknownModelException if the pod does not have the model; nothing has been said then
  ChatSummary chat(String model, ChatRequest request, ChatPieces pieces)
      throws IOException, UnknownModelException {
    byte[] body = ChatBody.of(model, request);
    try (Response response = raw("POST", "/v1/chat/completions", body)) {
      if (response.code() == 404 && modelIsUnknown(response)) {
        throw new UnknownModelException();
      }
      check("chat", response);
      ResponseBody content = response.body();
      if (content == null) {
        throw new IOException("an answer without a body");
      }
      try (InputStream in = content.byteStream()) {
        return pieces.read(in);
      }
    }
  }

  private static boolean modelIsUnknown(Response response) throws IOException {
    return response.peekBody(1 << 16).string().contains("does not exist");
  }

  private JsonNode json(String operation, String method, String route, byte @Nullable [] body)
      throws IOException {
    try (Response response = send(operation, method, route, body)) {
      ResponseBody content = response.body();
      return Json.MAPPER.readTree(content == null ? "" : content.string());
    } catch (JsonProcessingException e) {
      throw new BackendException.Misunderstood(
          KubernetesTraining.NAME, operation, "the server's answer is not JSON", e);
    }
  }

  private Response send(String operation, String method, String route, byte @Nullable [] body)
      throws IOException {
    Response response = raw(method, route, body);
    try {
      check(operation, response);
      return response;
    } catch (IOException | RuntimeException e) {
      response.close();
      throw e;
    }
  }

  private Response raw(String method, String route, byte @Nullable [] body) throws IOException {
    return cluster.pod(method, name, VllmServer.PORT, route, body, Map.of(TOKEN, token));
  }

  private static void check(String operation, Response response) throws IOException {
    if (response.isSuccessful()) {
      return;
    }
    ResponseBody body = response.body();
    String words = words(body == null ? "" : body.string());
    String name = KubernetesTraining.NAME;
    throw switch (response.code()) {
      case 401, 403 -> new BackendException.Unauthorized(name, operation, words);
      case 400, 413, 422 ->
          new BackendException.Rejected(
              name, operation, List.of(new Problem("request", words)));
      case 429 ->
          new BackendException.Exhausted(name, operation, words, retryAfter(response));
      default ->
          new BackendException.Unavailable(name, operation, response.code() + ": " + words);
    };
  }

  private static Optional<Duration> retryAfter(Response response) {
    return Optional.ofNullable(response.header("Retry-After"))
        .filter(s -> s.matches("[0-9]{1,6}"))
        .map(s -> Duration.ofSeconds(Long.parseLong(s)));
  }

  private static String words(String body) {
    try {
      JsonNode json = Json.MAPPER.readTree(body);
      return json.path("error").path("message").asText(json.path("message").asText(body));
    } catch (JsonProcessingException _) {
      return body; // Not JSON: then these are the words.
    }
  }
}

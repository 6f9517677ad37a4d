package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.CompletionBody;
import io.tuneplane.backend.CompletionStream;
import io.tuneplane.backend.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/// Speaks to the agent in one pod of a server (`gpu-images/vllm/README.md`). Safe for many threads.
///
/// @param http connections to the server's pods
/// @param name the pod's name
/// @param address host and port
/// @param secrets the server's tokens
record VllmPod(OkHttpClient http, String name, String address, ServerSecrets secrets) {

  private static final List<String> FILES =
      List.of("adapter_config.json", "adapter_model.safetensors");
  private static final MediaType JSON = MediaType.get("application/json");
  private static final MediaType BYTES = MediaType.get("application/octet-stream");

  /// The pod does not have the model: it was restarted, or another took its place.
  static final class UnknownModelException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /// What the agent tells of itself.
  ///
  /// @param wanted what it was told to hold: names, each with the digest of its weights
  /// @param loaded what answers
  /// @param trouble why not all that is wanted does; blank for nothing
  record State(Map<String, String> wanted, Map<String, String> loaded, String trouble) {}

  State state() throws IOException {
    JsonNode state = json("observe", get("/agent/state", secrets.control()));
    return new State(
        texts(state.path("wanted")), texts(state.path("loaded")), Json.text(state, "trouble"));
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    object.forEachEntry((name, value) -> texts.put(name, value.asText()));
    return texts;
  }

  /// Tells the agent what to hold.
  ///
  /// @return whether it has the files; if not, nothing has changed
  boolean want(Map<String, String> adapters) throws IOException {
    RequestBody body = RequestBody.create(Json.bytes(Json.texts(adapters)), JSON);
    try (Response response = call("/agent/wanted", secrets.control()).put(body).send(http)) {
      if (response.code() == 409) {
        return false;
      }
      check("deploy", response);
      return true;
    }
  }

  /// Brings an adapter's files.
  void bring(String digest, Path folder) throws IOException {
    for (String file : FILES) {
      RequestBody body = RequestBody.create(folder.resolve(file).toFile(), BYTES);
      String route = "/agent/adapters/" + digest + "/" + file;
      try (Response response = call(route, secrets.control()).put(body).send(http)) {
        check("deploy", response);
      }
    }
  }

  /// The log-probability of each of some tokens, given those before it.
  ///
  /// @param tokens the whole sequence
  /// @return one for each token but the first; empty where the server gave none
  JsonNode promptLogprobs(String model, JsonNode tokens) throws IOException {
    ObjectNode body = Json.object().put("model", model).put("max_tokens", 1).put("temperature", 0);
    body.put("prompt_logprobs", 0);
    body.set("prompt", tokens);
    JsonNode answer = json("gate", post("/v1/completions", Json.bytes(body)));
    return answer.path("choices").path(0).path("prompt_logprobs");
  }

  /// Asks for an answer.
  ///
  /// @throws UnknownModelException if the pod does not have the model; nothing has been said then
  ChatSummary chat(String model, ChatRequest request, CompletionStream pieces)
      throws IOException, UnknownModelException {
    byte[] body = CompletionBody.of(model, request);
    try (Response response = post("/v1/chat/completions", body).send(http)) {
      if (isUnknown(response)) {
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

  /// Not loaded here: told as 404, or, where it was wanted once, as 503.
  private static boolean isUnknown(Response response) throws IOException {
    return response.code() == 404
        || (response.code() == 503 && response.peekBody(1 << 16).string().contains("not_loaded"));
  }

  private JsonNode json(String operation, Ask ask) throws IOException {
    try (Response response = ask.send(http)) {
      check(operation, response);
      ResponseBody content = response.body();
      return Json.MAPPER.readTree(content == null ? "" : content.string());
    } catch (JsonProcessingException e) {
      throw new BackendException.Misunderstood(
          KubernetesTraining.NAME, operation, "the server's answer is not JSON", e);
    }
  }

  private Ask get(String route, String token) {
    return call(route, token);
  }

  private Ask post(String route, byte[] body) {
    return call(route, secrets.token()).post(RequestBody.create(body, JSON));
  }

  private Ask call(String route, String token) {
    Request.Builder request =
        new Request.Builder()
            .url("https://" + address + route)
            .header("Authorization", "Bearer " + token);
    return new Ask(request);
  }

  /// A request that is being put together.
  private record Ask(Request.Builder request) {

    Ask put(RequestBody body) {
      request.put(body);
      return this;
    }

    Ask post(RequestBody body) {
      request.post(body);
      return this;
    }

    Response send(OkHttpClient http) throws IOException {
      return http.newCall(request.build()).execute();
    }
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
          new BackendException.Rejected(name, operation, List.of(new Problem("request", words)));
      case 429 -> new BackendException.Exhausted(name, operation, words, retryAfter(response));
      default -> new BackendException.Unavailable(name, operation, response.code() + ": " + words);
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

package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The pods of the servers of a [FakeCluster], each with the agent of `gpu-images/vllm` in it, which
/// says scripted words.
final class FakeVllm {

  private static final String PODS = "/api/v1/namespaces/tuning/pods";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/tuning/deployments";
  private static final String[] WORDS = {"one ", "two ", "three ", "four "};

  private final FakeCluster cluster;
  private final Map<String, Set<String>> adapters = new TreeMap<>();
  private final Map<String, Map<String, byte[]>> files = new HashMap<>();
  private final Map<String, Integer> asked = new TreeMap<>();
  private int fault;

  FakeVllm(FakeCluster cluster) {
    this.cluster = cluster;
    cluster.proxy(this::handle);
  }

  /// Makes every Deployment have its pods.
  synchronized void tick() {
    for (ObjectNode deployment : cluster.list(DEPLOYMENTS)) {
      String name = deployment.path("metadata").path("name").asText();
      int replicas = deployment.path("spec").path("replicas").asInt();
      for (int i = 0; i < replicas; i++) {
        String pod = name + "-" + i;
        if (cluster.list(PODS).stream().noneMatch(p -> name(p).equals(pod))) {
          start(deployment, pod);
        }
      }
    }
    for (ObjectNode pod : cluster.list(PODS)) {
      String server = pod.path("metadata").path("labels").path(Labels.SERVER).asText();
      if (cluster.list(DEPLOYMENTS).stream().noneMatch(d -> name(d).equals(server))) {
        cluster.remove(PODS, name(pod));
      }
    }
  }

  private void start(ObjectNode deployment, String name) {
    ObjectNode pod = Json.object().put("kind", "Pod");
    JsonNode labels = deployment.path("spec").path("template").path("metadata").path("labels");
    pod.putObject("metadata").put("name", name).set("labels", labels.deepCopy());
    pod.putObject("spec");
    pod.putObject("status")
        .put("phase", "Running")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True");
    adapters.put(name, new TreeSet<>());
    cluster.put(PODS, pod);
  }

  /// A pod's process ends and begins again: it has forgotten its adapters.
  synchronized void restart(String pod) {
    adapters.put(pod, new TreeSet<>());
  }

  private Set<String> held(String pod) {
    return adapters.computeIfAbsent(pod, _ -> new TreeSet<>());
  }

  /// What each pod holds.
  synchronized Map<String, Set<String>> adapters() {
    Map<String, Set<String>> held = new TreeMap<>();
    adapters.forEach((pod, of) -> held.put(pod, new TreeSet<>(of)));
    return held;
  }

  /// How many answers each pod gave.
  synchronized Map<String, Integer> asked() {
    return new TreeMap<>(asked);
  }

  /// From now on answers have this status.
  synchronized void fault(int status) {
    fault = status;
  }

  private static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  private void handle(HttpExchange exchange, String pod, String route) throws IOException {
    JsonNode answer;
    byte[] body = exchange.getRequestBody().readAllBytes();
    synchronized (this) {
      if (!adapters.containsKey(pod)) {
        answer = error(503, "no such pod");
      } else if (!String.valueOf(exchange.getRequestHeaders().getFirst("Tuneplane-Token"))
          .matches("[0-9a-f]{64}")) {
        answer = error(401, "no token");
      } else if (route.startsWith("/adapters/")) {
        answer = adapter(exchange.getRequestMethod(), pod, route.substring(10), body);
      } else if (route.equals("/v1/models")) {
        answer = models(pod);
      } else if (fault != 0) {
        answer = error(fault, "as the test said");
      } else if (route.equals("/v1/completions")) {
        answer = logprobs(Json.MAPPER.readTree(body));
      } else {
        answer = Json.object();
      }
    }
    if (answer.isEmpty()) {
      chat(exchange, pod, Json.MAPPER.readTree(body));
    } else {
      int code = answer.path("code").asInt(200);
      byte[] bytes = Json.bytes(answer);
      exchange.sendResponseHeaders(code, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private JsonNode adapter(String method, String pod, String path, byte[] body)
      throws IOException {
    String[] parts = path.split("/", 2);
    Map<String, byte[]> held = files.computeIfAbsent(pod + parts[0], _ -> new HashMap<>());
    switch (method) {
      case "PUT" -> held.put(parts[1], body);
      case "DELETE" -> held(pod).remove(parts[0]);
      default -> {
        for (var file : Json.MAPPER.readTree(body).path("files").properties()) {
          String found =
              java.util.HexFormat.of()
                  .formatHex(ResultCheck.sha256().digest(held.getOrDefault(file.getKey(), body)));
          if (!found.equals(file.getValue().asText())) {
            return error(409, file.getKey() + " has not arrived whole");
          }
        }
        held(pod).add(parts[0]);
      }
    }
    return Json.object().put("ok", true);
  }

  private JsonNode models(String pod) {
    ObjectNode models = Json.object();
    var data = models.putArray("data");
    data.addObject().put("id", "base");
    held(pod).forEach(a -> data.addObject().put("id", a));
    return models;
  }

  private static JsonNode logprobs(JsonNode request) {
    ObjectNode answer = Json.object();
    var logprobs = answer.putArray("choices").addObject().putArray("prompt_logprobs");
    for (JsonNode token : request.path("prompt")) {
      logprobs.addObject().putObject(token.asText()).put("logprob", -token.asDouble() / 2);
    }
    return answer;
  }

  private void chat(HttpExchange exchange, String pod, JsonNode request) throws IOException {
    String model = request.path("model").asText();
    synchronized (this) {
      if (!model.equals("base") && !held(pod).contains(model)) {
        byte[] bytes =
            Json.bytes(error(404, "The model `" + model + "` does not exist."));
        exchange.sendResponseHeaders(404, bytes.length);
        exchange.getResponseBody().write(bytes);
        return;
      }
      asked.merge(pod, 1, Integer::sum);
    }
    exchange.sendResponseHeaders(200, 0);
    int most = Math.min(request.path("max_tokens").asInt(WORDS.length), WORDS.length);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < most; i++) {
        ObjectNode chunk = Json.object();
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.putObject("delta").put("content", WORDS[i]);
        write(out, chunk.toString());
      }
      ObjectNode last = Json.object();
      String reason = request.path("max_tokens").asInt(99) <= WORDS.length ? "length" : "stop";
      last.putArray("choices").addObject().put("finish_reason", reason).putObject("delta");
      last.putObject("usage").put("prompt_tokens", 7).put("completion_tokens", most);
      write(out, last.toString());
      write(out, "[DONE]");
    }
  }

  private static void write(OutputStream out, String data) throws IOException {
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static ObjectNode error(int code, String words) {
    ObjectNode error = Json.object().put("code", code);
    error.putObject("error").put("message", words);
    return error;
  }
}

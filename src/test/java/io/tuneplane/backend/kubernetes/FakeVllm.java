package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// The pods of the servers of a [FakeCluster], each with the agent of `gpu-images/vllm` in it,
/// which says scripted words. Each listens on a port of its own, with the certificate of its
/// Secret.
final class FakeVllm implements AutoCloseable {

  private static final String PODS = "/api/v1/namespaces/tuning/pods";
  private static final String SECRETS = "/api/v1/namespaces/tuning/secrets";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/tuning/deployments";
  private static final String[] WORDS = {"one ", "two ", "three ", "four "};

  private final FakeCluster cluster;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Listener> servers = new TreeMap<>();
  private final Deque<Listener> idle = new ArrayDeque<>();
  private final Map<String, Map<String, String>> wanted = new TreeMap<>();
  private final Map<String, Set<String>> files = new HashMap<>();
  private final Map<String, Integer> asked = new TreeMap<>();
  private int fault;

  FakeVllm(FakeCluster cluster) throws IOException {
    this.cluster = cluster;
    for (int i = 0; i < 2; i++) {
      idle.add(listen());
    }
  }

  /// A server whose pod comes later, and brings its certificate.
  private Listener listen() throws IOException {
    OwnCertificate own = new OwnCertificate();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {own}, null, null);
      server.setHttpsConfigurator(new HttpsConfigurator(context));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, own.pod()));
    server.start();
    return new Listener(server, own);
  }

  private record Listener(HttpsServer server, OwnCertificate own) {}

  /// Makes every Deployment have its pods.
  synchronized void tick() throws IOException {
    for (ObjectNode deployment : cluster.list(DEPLOYMENTS)) {
      for (int i = 0; i < deployment.path("spec").path("replicas").asInt(); i++) {
        String pod = name(deployment) + "-" + i;
        if (!servers.containsKey(pod)) {
          start(deployment, pod);
        }
      }
    }
    for (ObjectNode pod : cluster.list(PODS)) {
      String server = pod.path("metadata").path("labels").path(Labels.SERVER).asText();
      if (cluster.list(DEPLOYMENTS).stream().noneMatch(d -> name(d).equals(server))) {
        cluster.remove(PODS, name(pod));
        stop(name(pod));
      }
    }
  }

  private void start(ObjectNode deployment, String name) throws IOException {
    Listener listener = idle.removeFirst();
    JsonNode data =
        cluster.list(SECRETS).stream()
            .filter(s -> name(s).equals(name(deployment)))
            .findFirst()
            .orElseThrow()
            .path("data");
    String key = new String(decoded(data, "tls.key"), StandardCharsets.US_ASCII);
    listener.own().set(name, decoded(data, "tls.crt"), key);
    servers.put(name, listener);
    wanted.put(name, new TreeMap<>());
    ObjectNode pod = Json.object().put("kind", "Pod");
    JsonNode labels = deployment.path("spec").path("template").path("metadata").path("labels");
    pod.putObject("metadata").put("name", name).set("labels", labels.deepCopy());
    pod.putObject("spec")
        .putArray("containers")
        .addObject()
        .putArray("ports")
        .addObject()
        .put("containerPort", listener.server().getAddress().getPort());
    pod.putObject("status")
        .put("phase", "Running")
        .put("podIP", "127.0.0.1")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True");
    cluster.put(PODS, pod);
  }

  private static byte[] decoded(JsonNode data, String name) {
    return Base64.getDecoder().decode(data.path(name).asText());
  }

  private void stop(String pod) {
    Listener listener = servers.remove(pod);
    if (listener != null) {
      idle.add(listener);
    }
  }

  /// A pod is replaced by one without a memory: it has lost its adapters and their files.
  synchronized void restart(String pod) {
    wanted.put(pod, new TreeMap<>());
    files.remove(pod);
  }

  private Map<String, String> held(String pod) {
    return wanted.computeIfAbsent(pod, _ -> new TreeMap<>());
  }

  /// What each pod holds.
  synchronized Map<String, Set<String>> adapters() {
    Map<String, Set<String>> held = new TreeMap<>();
    servers.keySet().forEach(pod -> held.put(pod, new TreeSet<>(held(pod).keySet())));
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

  private void handle(HttpExchange exchange, String pod) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String route = exchange.getRequestURI().getPath();
      ObjectNode answer = answer(exchange, pod, route, body);
      if (answer.isEmpty()) {
        chat(exchange, Json.MAPPER.readTree(body));
        return;
      }
      byte[] bytes = Json.bytes(answer);
      exchange.sendResponseHeaders(answer.path("code").asInt(200), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /// The answer; empty where it is words.
  private synchronized ObjectNode answer(
      HttpExchange exchange, String pod, String route, byte[] body) throws IOException {
    boolean agent = route.startsWith("/agent/");
    if (!isLetIn(exchange, pod, agent ? "control-token" : "token")) {
      return error(401, "a valid token is needed");
    }
    if (agent) {
      return agent(pod, route, body);
    }
    if (fault != 0) {
      return error(fault, "as the test said");
    }
    JsonNode question = Json.MAPPER.readTree(body);
    String model = question.path("model").asText();
    if (!model.equals("base") && !held(pod).containsKey(model)) {
      return error(404, "there is no such model here");
    }
    if (route.equals("/v1/completions")) {
      return logprobs(question);
    }
    asked.merge(pod, 1, Integer::sum);
    return Json.object();
  }

  private boolean isLetIn(HttpExchange exchange, String pod, String name) {
    String server = pod.replaceFirst("-[0-9]+$", "");
    return cluster.list(SECRETS).stream()
        .filter(s -> name(s).equals(server))
        .map(s -> new String(decoded(s.path("data"), name), StandardCharsets.US_ASCII))
        .anyMatch(
            t -> ("Bearer " + t).equals(exchange.getRequestHeaders().getFirst("Authorization")));
  }

  private ObjectNode agent(String pod, String route, byte[] body) throws IOException {
    Set<String> here = files.computeIfAbsent(pod, _ -> new TreeSet<>());
    if (route.equals("/agent/state")) {
      ObjectNode state = Json.object().put("ready", true).put("trouble", "");
      state.set("wanted", Json.texts(held(pod)));
      state.set("loaded", Json.texts(held(pod)));
      return state;
    }
    if (route.startsWith("/agent/adapters/")) {
      String[] parts = route.split("/", -1);
      if (parts[4].equals("adapter_model.safetensors")
          && !HexFormat.of().formatHex(ResultCheck.sha256().digest(body)).equals(parts[3])) {
        return error(400, "other weights");
      }
      here.add(parts[3] + "/" + parts[4]);
      return Json.object().put("bytes", body.length);
    }
    Map<String, String> asked = new TreeMap<>();
    Json.MAPPER.readTree(body).forEachEntry((name, digest) -> asked.put(name, digest.asText()));
    for (String digest : asked.values()) {
      if (!here.contains(digest + "/adapter_model.safetensors")
          || !here.contains(digest + "/adapter_config.json")) {
        return error(409, "send these first: " + digest);
      }
    }
    wanted.put(pod, asked);
    return Json.object().put("wanted", asked.size());
  }

  private static ObjectNode logprobs(JsonNode request) {
    ObjectNode answer = Json.object();
    var logprobs = answer.putArray("choices").addObject().putArray("prompt_logprobs");
    for (JsonNode token : request.path("prompt")) {
      logprobs.addObject().putObject(token.asText()).put("logprob", -token.asDouble() / 2);
    }
    return answer;
  }

  private static void chat(HttpExchange exchange, JsonNode request) throws IOException {
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

  @Override
  public synchronized void close() {
    servers.values().forEach(l -> l.server().stop(0));
    idle.forEach(l -> l.server().stop(0));
    threads.shutdownNow();
  }
}

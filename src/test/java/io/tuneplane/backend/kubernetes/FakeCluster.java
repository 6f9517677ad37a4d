package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// An API server, as far as this backend asks one: objects with uids and rising versions,
/// conflicts, label and field selectors, owners, dry runs, watches with bookmarks, compaction and
/// 410. Written from the API's conventions (github.com/kubernetes/community, api-conventions.md).
/// Nothing in it moves by itself: tests and [FakeNodes] do.
final class FakeCluster implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(20);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final TreeMap<String, ObjectNode> objects = new TreeMap<>();
  private final List<Change> history = new ArrayList<>();
  private final List<String> groups = new ArrayList<>(List.of("batch", "apps"));
  private final Map<String, Integer> refusals = new HashMap<>();
  private final AtomicInteger jobsMade = new AtomicInteger();
  private long version = 1;
  private long compacted;
  private volatile boolean closed;

  private volatile boolean watchable = true;

  /// Ends every watch, and begins no other until [#allowWatches].
  void breakWatches() {
    watchable = false;
  }

  void allowWatches() {
    watchable = true;
  }

  private record Change(long version, String type, String list, ObjectNode object) {}

  FakeCluster() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// A kubeconfig that leads here.
  Path kubeconfig(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: fake
        contexts: [{name: fake, context: {cluster: fake, user: fake}}]
        clusters: [{name: fake, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: fake, user: {token: "secret-of-the-fake"}}]
        """
            .formatted(port()));
  }

  /// Makes the cluster have an API group.
  synchronized void addGroup(String group) {
    groups.add(group);
  }

  /// From now on, requests of this kind (`POST jobs`) are answered with a status; 0 for no more.
  synchronized void refuse(String request, int code) {
    refusals.put(request, code);
  }

  /// How many Jobs were ever made.
  int jobsMade() {
    return jobsMade.get();
  }

  /// Forgets all changes: a watch from an earlier version gets 410.
  synchronized void compact() {
    compacted = version;
    history.clear();
  }

  /// Puts an object as it is.
  synchronized ObjectNode put(String list, ObjectNode object) {
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    String key = list + "/" + metadata.path("name").asText();
    String type = objects.containsKey(key) ? "MODIFIED" : "ADDED";
    if (!metadata.has("uid")) {
      metadata.put("uid", UUID.randomUUID().toString());
      metadata.put("creationTimestamp", Instant.now().toString());
    }
    metadata.put("resourceVersion", String.valueOf(++version));
    objects.put(key, object);
    history.add(new Change(version, type, list, object.deepCopy()));
    return object;
  }

  synchronized List<ObjectNode> list(String list) {
    return objects.entrySet().stream()
        .filter(e -> parent(e.getKey()).equals(list))
        .map(e -> e.getValue().deepCopy())
        .toList();
  }

  synchronized void remove(String list, String name) {
    ObjectNode gone = objects.remove(list + "/" + name);
    if (gone != null) {
      ((ObjectNode) gone.path("metadata")).put("resourceVersion", String.valueOf(++version));
      history.add(new Change(version, "DELETED", list, gone));
      removeOwned(gone.path("metadata").path("uid").asText());
    }
  }

  /// What belongs to an object goes with it; pods are given time to leave by [FakeNodes].
  private void removeOwned(String uid) {
    for (String key : List.copyOf(objects.keySet())) {
      ObjectNode object = objects.get(key);
      if (object == null || key.contains("/pods/")) {
        continue;
      }
      for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
        if (owner.path("uid").asText().equals(uid)) {
          remove(parent(key), key.substring(key.lastIndexOf('/') + 1));
        }
      }
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!"Bearer secret-of-the-fake"
          .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        answer(exchange, status(401, "Unauthorized", "who are you"));
        return;
      }
      String path = exchange.getRequestURI().getPath();
      Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
      if (query.containsKey("watch") && !watchable) {
        answer(exchange, status(503, "Away", "no watches now"));
      } else if (query.containsKey("watch")) {
        watch(exchange, path, query);
      } else {
        answer(exchange, answer(exchange.getRequestMethod(), path, query, body(exchange)));
      }
    }
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    return bytes.length == 0 ? Json.object() : Json.MAPPER.readTree(bytes);
  }

  private synchronized ObjectNode answer(
      String method, String path, Map<String, String> query, JsonNode body) {
    String plural = path.replaceFirst(".*/([a-z]+)(/[^/]+)?$", "$1");
    int refused = Math.max(refused(method, path), refused(method, "/" + plural));
    if (refused != 0) {
      return status(refused, "Refused", "the test said so");
    }
    return switch (method) {
      case "GET" -> path.equals("/apis") ? apis() : get(path, query);
      case "POST" ->
          path.endsWith("reviews") ? review(body) : create(path, query, (ObjectNode) body);
      case "PATCH" -> patch(path, body);
      case "DELETE" -> delete(path);
      default -> status(405, "MethodNotAllowed", method);
    };
  }

  private int refused(String method, String path) {
    return refusals.getOrDefault(method + " " + path.substring(path.lastIndexOf('/') + 1), 0);
  }

  private ObjectNode apis() {
    ObjectNode list = Json.object();
    var array = list.putArray("groups");
    groups.forEach(g ->
        array.addObject().put("name", g).putObject("preferredVersion").put("version", "v1beta1"));
    return list;
  }

  private ObjectNode review(JsonNode body) {
    JsonNode asked = body.path("spec").path("resourceAttributes");
    String key = asked.path("verb").asText() + " " + asked.path("resource").asText();
    ObjectNode review = body.deepCopy();
    review.putObject("status").put("allowed", refusals.getOrDefault("may " + key, 0) == 0);
    return review;
  }

  private ObjectNode get(String path, Map<String, String> query) {
    ObjectNode object = objects.get(path);
    if (object != null) {
      return object.deepCopy();
    }
    if (!path.matches(".*/[a-z]+s")) {
      return status(404, "NotFound", path + " not found");
    }
    ObjectNode list = Json.object();
    list.putObject("metadata").put("resourceVersion", String.valueOf(version));
    var items = list.putArray("items");
    list(path).stream().filter(o -> selected(o, query)).forEach(items::add);
    if (path.equals("/api/v1/pods")) {
      objects.forEach((key, o) -> {
        if (key.contains("/pods/") && selected(o, query)) {
          items.add(o.deepCopy());
        }
      });
    }
    return list;
  }

  private ObjectNode create(String path, Map<String, String> query, ObjectNode body) {
    String key = path + "/" + body.path("metadata").path("name").asText();
    if (query.containsKey("dryRun")) {
      return body;
    }
    if (objects.containsKey(key)) {
      return status(409, "AlreadyExists", key + " already exists");
    }
    if (path.endsWith("/jobs")) {
      jobsMade.incrementAndGet();
    }
    // A field that no client of today knows.
    body.put("fieldOfTheFuture", true);
    return put(path, body).deepCopy();
  }

  private ObjectNode patch(String path, JsonNode change) {
    ObjectNode object = objects.get(path);
    if (object == null && !change.path("apiVersion").asText().isEmpty()) {
      return put(parent(path), change.deepCopy()).deepCopy();
    }
    if (object == null) {
      return status(404, "NotFound", path + " not found");
    }
    ObjectNode merged = object.deepCopy();
    merge(merged, change);
    return put(parent(path), merged).deepCopy();
  }

  private static void merge(ObjectNode into, JsonNode change) {
    change.forEachEntry((name, value) -> {
      if (value.isObject() && into.path(name).isObject()) {
        merge((ObjectNode) into.path(name), value);
      } else {
        into.set(name, value);
      }
    });
  }

  private ObjectNode delete(String path) {
    if (!objects.containsKey(path)) {
      return status(404, "NotFound", path + " not found");
    }
    remove(parent(path), path.substring(path.lastIndexOf('/') + 1));
    return Json.object().put("status", "Success");
  }

  private void watch(HttpExchange exchange, String list, Map<String, String> query)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    long seen = Long.parseLong(query.get("resourceVersion"));
    long deadline =
        System.nanoTime() + 1_000_000_000L * Long.parseLong(query.get("timeoutSeconds"));
    try (OutputStream out = exchange.getResponseBody()) {
      while (!closed && watchable && System.nanoTime() < deadline) {
        List<Change> fresh = since(list, seen, query);
        for (Change change : fresh) {
          ObjectNode line = Json.object().put("type", change.type());
          line.set("object", change.object());
          out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
          seen = Math.max(seen, change.version());
        }
        out.flush();
        LockSupport.parkNanos(LOOK.toNanos());
        if (!fresh.isEmpty() && fresh.getLast().type().equals("ERROR")) {
          return;
        }
      }
    }
  }

  private synchronized List<Change> since(String list, long seen, Map<String, String> query) {
    if (seen < compacted) {
      ObjectNode status = status(410, "Expired", "too old resource version");
      return List.of(new Change(version, "ERROR", list, status));
    }
    List<Change> fresh =
        history.stream()
            .filter(c -> c.version() > seen && c.list().equals(list))
            .filter(c -> selected(c.object(), query))
            .toList();
    return fresh;
  }

  private static boolean selected(JsonNode object, Map<String, String> query) {
    JsonNode labels = object.path("metadata").path("labels");
    for (String part : query.getOrDefault("labelSelector", "").split(",", -1)) {
      String[] pair = part.split("=", 2);
      if (pair.length == 2 && !labels.path(pair[0]).asText().equals(pair[1])) {
        return false;
      }
    }
    String field = query.getOrDefault("fieldSelector", "");
    return !field.startsWith("involvedObject.name=")
        || object
            .path("involvedObject")
            .path("name")
            .asText()
            .equals(field.substring("involvedObject.name=".length()));
  }

  private static ObjectNode status(int code, String reason, String message) {
    return Json.object()
        .put("kind", "Status")
        .put("code", code)
        .put("reason", reason)
        .put("message", message);
  }

  private static void answer(HttpExchange exchange, ObjectNode answer) throws IOException {
    int code = answer.path("kind").asText().equals("Status") ? answer.path("code").asInt(200) : 200;
    byte[] bytes = Json.bytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String part : Optional.ofNullable(raw).orElse("").split("&", -1)) {
      String[] pair = part.split("=", 2);
      if (pair.length == 2) {
        query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private static String parent(String key) {
    return key.substring(0, key.lastIndexOf('/'));
  }

  @Override
  public void close() {
    closed = true;
    server.stop(0);
    threads.shutdownNow();
  }
}

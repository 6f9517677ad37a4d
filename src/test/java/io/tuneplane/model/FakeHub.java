package io.tuneplane.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The model hub's HTTP contract, on a free port, with one model: listing, resolving, ranges,
/// large-file storage on another host, gating; and faults to order.
final class FakeHub implements AutoCloseable {

  static final String REVISION = "0123456789abcdef0123456789abcdef01234567";

  /// A request that came.
  record Seen(String host, String path, Optional<String> authorization, Optional<String> range) {}

  private final HttpServer server;
  private final String id;
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, String> falseDigests = new ConcurrentHashMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger drops = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<String> gate = Optional.empty();
  private volatile boolean ignoresRanges;
  private volatile boolean stalls;

  FakeHub(String id, Path folder) throws IOException {
    this.id = id;
    try (Stream<Path> content = Files.list(folder)) {
      for (Path file : content.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Seen> seen() {
    return seen;
  }

  void add(String name, byte[] content) {
    files.put(name, content);
  }

  /// Lists a digest that the file does not have.
  void liesAbout(String name) {
    falseDigests.put(name, "f".repeat(64));
  }

  /// The next weights are cut off in the middle, so many times.
  void dropsConnections(int times) {
    drops.set(times);
  }

  /// The next answers are 503.
  void fails(int times) {
    failures.set(times);
  }

  void gatedFor(String token) {
    gate = Optional.of(token);
  }

  void ignoresRanges() {
    ignoresRanges = true;
  }

  /// Weights begin, and then nothing comes.
  void stalls() {
    stalls = true;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      seen.add(
          new Seen(
              exchange.getRequestHeaders().getFirst("Host"),
              path,
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))));
      if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        send(exchange, 503, "busy");
      } else if (path.equals("/api/models/%s/revision/main".formatted(id))) {
        listing(exchange);
      } else if (path.startsWith("/%s/resolve/%s/".formatted(id, REVISION))) {
        resolve(exchange, path.substring(path.lastIndexOf('/') + 1));
      } else if (path.startsWith("/storage/")) {
        content(exchange, path.substring("/storage/".length()));
      } else {
        exchange.getResponseHeaders().set("X-Error-Message", "Repository not found");
        send(exchange, 404, "");
      }
    }
  }

  private void listing(HttpExchange exchange) throws IOException {
    if (isBarred(exchange)) {
      return;
    }
    ObjectNode json = ModelJson.MAPPER.createObjectNode().put("id", id).put("sha", REVISION);
    ArrayNode siblings = json.putArray("siblings");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      ObjectNode sibling =
          siblings.addObject().put("rfilename", file.getKey()).put("size", file.getValue().length);
      if (file.getKey().endsWith(".safetensors")) {
        sibling
            .putObject("lfs")
            .put("size", file.getValue().length)
            .put("sha256", digest(file.getKey(), file.getValue()));
      }
    }
    send(exchange, 200, json.toString());
  }

  private String digest(String name, byte[] content) {
    return falseDigests.getOrDefault(
        name, HexFormat.of().formatHex(Digests.sha256().digest(content)));
  }

  private boolean isBarred(HttpExchange exchange) throws IOException {
    Optional<String> wanted = gate.map(token -> "Bearer " + token);
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (wanted.isEmpty() || wanted.get().equals(given)) {
      return false;
    }
    exchange.getResponseHeaders().set("X-Error-Code", "GatedRepo");
    exchange
        .getResponseHeaders()
        .set("X-Error-Message", "Access to this model is restricted. Please log in.");
    send(exchange, 401, "");
    return true;
  }

  /// Large files are kept on another host.
  private void resolve(HttpExchange exchange, String name) throws IOException {
    if (isBarred(exchange)) {
      return;
    }
    if (name.endsWith(".safetensors")) {
      String location =
          "http://localhost:%d/storage/%s".formatted(server.getAddress().getPort(), name);
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(302, -1);
    } else {
      content(exchange, name);
    }
  }

  private void content(HttpExchange exchange, String name) throws IOException {
    byte[] whole = files.get(name);
    if (whole == null) {
      send(exchange, 404, "Entry not found");
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from =
        range == null || ignoresRanges
            ? 0
            : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    byte[] rest = Arrays.copyOfRange(whole, from, whole.length);
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, whole.length - 1, whole.length));
    }
    boolean weights = name.endsWith(".safetensors");
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
    OutputStream out = exchange.getResponseBody();
    if (weights && stalls) {
      out.write(rest, 0, from == 0 ? 1000 : 0);
      out.flush();
      awaitClosed();
    } else if (weights && drops.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      out.write(rest, 0, Math.min(rest.length / 2, 20_000));
      out.flush();
    } else {
      out.write(rest);
    }
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}

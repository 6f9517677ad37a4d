package io.tuneplane.backend.vertex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// A stand-in for Cloud Storage on this machine, of its JSON API what an upload needs: a bucket's
/// location, an object's checksum, resumable uploads with `ifGenerationMatch=0` and CRC32C. The
/// suite `.ci/gcs` runs the same upload against fake-gcs-server. Safe for many threads.
public final class GcsFake implements AutoCloseable {

  private static final Pattern OBJECT = Pattern.compile("/storage/v1/b/([^/]+)/o/(.+)");
  private static final Pattern BUCKET = Pattern.compile("/storage/v1/b/([^/]+)");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> objects = new LinkedHashMap<>();
  private final Map<String, Session> sessions = new HashMap<>();
  private String location = "US-CENTRAL1";
  private Optional<Integer> refusal = Optional.empty();
  private Optional<String> redirect = Optional.empty();
  private int breakAfterBytes = -1;
  private boolean corrupting;
  private long bytesReceived;
  private int requests;

  private static final class Session {
    final String name;
    final String crc32c;
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Session(String name, String crc32c) {
      this.name = name;
      this.crc32c = crc32c;
    }
  }

  GcsFake() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized void location(String where) {
    location = where;
  }

  /// Every request is answered with this status.
  synchronized void refuse(int status) {
    refusal = Optional.of(status);
  }

  /// Every request is sent on to another address.
  synchronized void redirect(String where) {
    redirect = Optional.of(where);
  }

  /// The next upload breaks after so many bytes.
  synchronized void breakAfter(int bytes) {
    breakAfterBytes = bytes;
  }

  /// What arrives is spoilt on the way.
  synchronized void corrupt() {
    corrupting = true;
  }

  synchronized void put(String name, byte[] content) {
    objects.put(name, content);
  }

  synchronized Map<String, byte[]> objects() {
    return new LinkedHashMap<>(objects);
  }

  /// How many requests came.
  synchronized int requests() {
    return requests;
  }

  /// How many bytes of content were ever received.
  synchronized long bytesReceived() {
    return bytesReceived;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      Optional<Integer> status;
      synchronized (this) {
        requests++;
        status = refusal;
        redirect.ifPresent(where -> exchange.getResponseHeaders().add("Location", where));
        if (redirect.isPresent()) {
          status = Optional.of(302);
        }
      }
      if (status.isPresent()) {
        error(exchange, status.get(), "refused, as planned");
      } else if (path.startsWith("/upload/")) {
        upload(exchange);
      } else {
        read(exchange, path);
      }
    }
  }

  private synchronized void read(HttpExchange exchange, String path) throws IOException {
    Matcher object = OBJECT.matcher(path);
    Matcher bucket = BUCKET.matcher(path);
    if (object.matches()) {
      String name = URLDecoder.decode(object.group(2), StandardCharsets.UTF_8);
      if (objects.containsKey(name)) {
        json(exchange, 200, metadata(name));
      } else {
        error(exchange, 404, "No such object: " + name);
      }
    } else if (bucket.matches() && bucket.group(1).equals("bucket")) {
      json(
          exchange,
          200,
          JSON.createObjectNode()
              .put("kind", "storage#bucket")
              .put("name", "bucket")
              .put("location", location));
    } else {
      error(exchange, 404, "The specified bucket does not exist.");
    }
  }

  private ObjectNode metadata(String name) {
    byte[] content = Objects.requireNonNull(objects.get(name), name);
    return JSON.createObjectNode()
        .put("kind", "storage#object")
        .put("bucket", "bucket")
        .put("name", name)
        .put("generation", "1")
        .put("metageneration", "1")
        .put("size", Integer.toString(content.length))
        .put("crc32c", crc32c(content));
  }

  static String crc32c(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private void upload(HttpExchange exchange) throws IOException {
    String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
    if (exchange.getRequestMethod().equals("POST")) {
      begin(exchange, query);
    } else {
      go(exchange, Objects.requireNonNull(sessions.get(value(query, "upload_id")), query));
    }
  }

  private synchronized void begin(HttpExchange exchange, String query) throws IOException {
    JsonNode object = JSON.readTree(exchange.getRequestBody());
    String name = value(query, "name");
    if (query.contains("ifGenerationMatch=0") && objects.containsKey(name)) {
      error(exchange, 412, "At least one of the pre-conditions you specified did not hold.");
      return;
    }
    String id = "session-" + sessions.size();
    sessions.put(id, new Session(name, object.path("crc32c").asText()));
    exchange
        .getResponseHeaders()
        .add("Location", address() + "/upload/storage/v1/b/bucket/o?upload_id=" + id);
    exchange.sendResponseHeaders(200, -1);
  }

  private void go(HttpExchange exchange, Session session) throws IOException {
    String range =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Range")).orElse("");
    boolean asks = range.startsWith("bytes */");
    if (!asks && !receive(exchange.getRequestBody(), session)) {
      return; // closed without an answer
    }
    long total = range.endsWith("*") ? -1 : Long.parseLong(range.replaceFirst(".*/", ""));
    synchronized (this) {
      if (total == session.bytes.size()) {
        finish(exchange, session);
        return;
      }
    }
    if (session.bytes.size() > 0) {
      exchange.getResponseHeaders().add("Range", "bytes=0-" + (session.bytes.size() - 1));
    }
    exchange.sendResponseHeaders(308, -1);
  }

  private boolean receive(InputStream body, Session session) throws IOException {
    byte[] piece = new byte[16 * 1024];
    for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
      synchronized (this) {
        bytesReceived += n;
        session.bytes.write(piece, 0, n);
        if (breakAfterBytes >= 0 && session.bytes.size() >= breakAfterBytes) {
          breakAfterBytes = -1;
          return false;
        }
      }
    }
    return true;
  }

  private void finish(HttpExchange exchange, Session session) throws IOException {
    byte[] content = session.bytes.toByteArray();
    if (corrupting) {
      content[0] ^= 1;
    }
    if (!crc32c(content).equals(session.crc32c)) {
      error(
          exchange,
          400,
          "Provided CRC32C \\\"%s\\\" doesn't match calculated CRC32C \\\"%s\\\"."
              .formatted(session.crc32c, crc32c(content)));
      return;
    }
    objects.put(session.name, content);
    json(exchange, 200, metadata(session.name));
  }

  private static String value(String query, String key) {
    Matcher matcher = Pattern.compile("(?:^|&)" + key + "=([^&]*)").matcher(query);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static void error(HttpExchange exchange, int status, String words) throws IOException {
    String reason = status == 412 ? "conditionNotMet" : "planned";
    json(
        exchange,
        status,
        JSON.readTree(
            "{\"error\":{\"code\":%d,\"message\":\"%s\",\"errors\":[{\"reason\":\"%s\",\"message\":\"%s\"}]}}"
                .formatted(status, words, reason, words)));
  }

  private static void json(HttpExchange exchange, int status, JsonNode node) throws IOException {
    byte[] bytes = node.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

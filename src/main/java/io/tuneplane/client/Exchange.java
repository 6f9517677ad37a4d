package io.tuneplane.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import io.tuneplane.client.ServerException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/// Sends requests to the server that a [Location] finds. A request that reached nobody is sent once
/// more, to where the server is then. Safe for many threads.
final class Exchange implements AutoCloseable {

  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final String EVENTS = "text/event-stream";

  private final Location location;
  private final Trust trust;
  private @Nullable HttpClient client;
  private @Nullable Server server;

  Exchange(Location location, Trust trust) {
    this.location = location;
    this.trust = trust;
  }

  /// A request that is put together once the server is known.
  private interface Draft {
    HttpRequest.Builder to(Server server);
  }

  JsonNode get(String path) {
    return whole(server -> HttpRequest.newBuilder(server.at(path)).GET());
  }

  JsonNode delete(String path) {
    return whole(server -> HttpRequest.newBuilder(server.at(path)).DELETE());
  }

  JsonNode post(String path, JsonNode body) {
    return post(path, "application/json", BodyPublishers.ofString(Json.line(body)));
  }

  /// Posts once: a server that got it twice would carry it out once.
  JsonNode post(String path, String type, BodyPublisher body) {
    String once = UUID.randomUUID().toString();
    return whole(server ->
        HttpRequest.newBuilder(server.at(path))
            .header("Content-Type", type)
            .header("Idempotency-Key", once)
            .POST(body));
  }

  /// An answer to a request that takes effect once.
  ///
  /// @param again whether it is the answer to an earlier attempt
  record Once(JsonNode body, boolean again) {}

  /// Posts under a key: all requests under one key take effect once.
  Once postOnce(String path, JsonNode body, Optional<String> key) {
    String once = key.orElseGet(() -> UUID.randomUUID().toString());
    HttpResponse<InputStream> response =
        opened(server ->
            HttpRequest.newBuilder(server.at(path))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", once)
                .POST(BodyPublishers.ofString(Json.line(body))));
    boolean again = response.headers().firstValue("Idempotent-Replayed").isPresent();
    return new Once(whole(response.body()), again);
  }

  /// Server-sent events of a question; the caller closes them.
  InputStream ask(String path, JsonNode body) {
    return stream(server ->
        HttpRequest.newBuilder(server.at(path))
            .header("Content-Type", "application/json")
            .header("Accept", EVENTS)
            .POST(BodyPublishers.ofString(Json.line(body))));
  }

  /// Server-sent events behind one; the caller closes them.
  InputStream events(String path, long after) {
    return stream(server ->
        HttpRequest.newBuilder(server.at(path))
            .header("Accept", EVENTS)
            .header("Last-Event-ID", Long.toString(after))
            .GET());
  }

  /// A file's content; the caller closes it.
  InputStream content(String path) {
    return stream(server -> HttpRequest.newBuilder(server.at(path)).GET());
  }

  private JsonNode whole(Draft draft) {
    return whole(stream(draft));
  }

  private static JsonNode whole(InputStream answer) {
    try (InputStream body = answer) {
      return Answers.json(body.readAllBytes());
    } catch (IOException e) {
      throw cut(e);
    }
  }

  private InputStream stream(Draft draft) {
    return opened(draft).body();
  }

  private HttpResponse<InputStream> opened(Draft draft) {
    try {
      HttpResponse<InputStream> response = send(draft);
      if (response.statusCode() < 300) {
        return response;
      }
      try (InputStream body = response.body()) {
        throw Answers.error(response.statusCode(), body);
      }
    } catch (IOException e) {
      throw cut(e);
    }
  }

  private HttpResponse<InputStream> send(Draft draft) throws IOException {
    Server known = server();
    try {
      return send(draft, known);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      forget(known);
      Server moved = server();
      if (moved.equals(known)) {
        throw unreachable(known, e);
      }
      return send(draft, moved);
    }
  }

  private HttpResponse<InputStream> send(Draft draft, Server to) throws IOException {
    HttpRequest.Builder request = draft.to(to);
    to.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
    try {
      return client().send(request.build(), BodyHandlers.ofInputStream());
    } catch (SSLHandshakeException e) {
      throw untrusted(to, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while waiting for " + to.url()));
    }
  }

  private synchronized Server server() {
    Server known = server;
    if (known == null) {
      known = location.find();
      server = known;
    }
    return known;
  }

  /// The next request looks for the server again.
  synchronized void forget() {
    server = null;
  }

  private synchronized void forget(Server gone) {
    if (gone.equals(server)) {
      server = null;
    }
  }

  private synchronized HttpClient client() {
    HttpClient open = client;
    if (open == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECTING);
      trust.context().ifPresent(builder::sslContext);
      open = builder.build();
      client = open;
    }
    return open;
  }

  private static ServerException unreachable(Server server, IOException cause) {
    return new ServerException(
        Kind.UNREACHABLE,
        "nobody answers at %s; is 'tuneplane serve' running there?".formatted(server.url()),
        cause);
  }

  private static ServerException untrusted(Server server, IOException cause) {
    return new ServerException(
        Kind.UNREACHABLE,
        "the certificate of %s is not trusted (%s); name its authority in TUNEPLANE_CA_FILE"
            .formatted(server.url(), cause.getMessage()),
        cause);
  }

  private static ServerException cut(IOException cause) {
    return new ServerException(
        Kind.UNREACHABLE,
        "the server's answer broke off (%s); its log says more"
            .formatted(
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage()),
        cause);
  }

  /// A text as a part of a path or of a query.
  static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}

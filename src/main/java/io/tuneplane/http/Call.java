package io.tuneplane.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.tuneplane.access.Caller;
import io.tuneplane.api.Api;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request that may be answered: who asks is known, and may. For one thread.
final class Call {

  /// What was sent.
  ///
  /// @param bytes the body, where the route takes one that is no file
  /// @param arrived when the request came, before its body was read
  /// @param clients watches a body that is read later, and who waits for its answer
  @SuppressWarnings("ArrayRecordComponent") // nobody compares two
  record Body(byte[] bytes, Instant arrived, Clients clients) {}

  private final Caller caller;
  private final Api api;
  private final Map<String, String> path;
  private final Body body;
  private final ServerRequest request;

  /// @param caller who asks
  /// @param api everything that they can ask of Tuneplane
  /// @param path what the path's named parts stand for
  /// @param body what was read of the body
  /// @param request the rest of it
  Call(Caller caller, Api api, Map<String, String> path, Body body, ServerRequest request) {
    this.caller = caller;
    this.api = api;
    this.path = path;
    this.body = body;
    this.request = request;
  }

  Caller caller() {
    return caller;
  }

  Api api() {
    return api;
  }

  ServerRequest request() {
    return request;
  }

  /// When it came, before its body was read.
  Instant arrived() {
    return body.arrived();
  }

  /// SHA-256 over who asks and what for.
  String fingerprint() {
    return Fingerprint.of(
        Fingerprint.bytes(caller.keyId()),
        Fingerprint.bytes(request.prologue().method().text()),
        Fingerprint.bytes(request.prologue().uriPath().rawPath()),
        body.bytes());
  }

  /// A named part of the path.
  String part(String name) {
    return Optional.ofNullable(path.get(name))
        .orElseThrow(() -> new IllegalStateException("the path has no " + name));
  }

  /// The body as JSON.
  ///
  /// @throws Refusal if it is none
  ObjectNode json() {
    if (body.bytes().length == 0) {
      throw Refusal.of(400, "invalid_json", "The request has no body; send a JSON object.");
    }
    return RequestJson.read(body.bytes());
  }

  /// A parameter of the query.
  ///
  /// @throws Refusal if it is there twice, or the query can't be read
  Optional<String> query(String name) {
    List<String> values = queries().getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw Refusal.field(name, "invalid_value", name + ": is there more than once");
    }
    return values.stream().findFirst().filter(text -> !text.isEmpty());
  }

  /// All parameters of the query, decoded.
  ///
  /// @throws Refusal if it can't be read
  Map<String, List<String>> queries() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    try {
      for (String pair : request.prologue().query().rawValue().split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        all.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), _ -> new ArrayList<>())
            .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException e) {
      throw Refusal.of(400, "invalid_query", "The query of the address can't be read.");
    }
    return all;
  }

  /// How many elements of a list are wanted.
  ///
  /// @throws Refusal if it is no number in range
  int limit(int usual, int most) {
    return query("limit")
        .map(text -> {
          if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1) {
            throw Refusal.field("limit", "invalid_value", "limit: must be from 1 to " + most);
          }
          return Math.min(most, Integer.parseInt(text));
        })
        .orElse(usual);
  }

  /// Whether there is any use in an answer.
  ///
  /// @throws IOException if the client has gone
  void requireClient() throws IOException {
    if (!body.clients().connections().here(request)) {
      throw new IOException("the client left before its answer was ready");
    }
  }

  /// A header that is there once.
  Optional<String> header(HeaderName name) {
    List<String> values = request.headers().values(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  /// The type of the body.
  String contentType() {
    return header(HeaderNames.CONTENT_TYPE).orElse("");
  }

  /// The body of an upload, as it comes.
  InputStream stream() throws IOException {
    if (!request.content().hasEntity()) {
      throw Refusal.of(400, "invalid_multipart", "The request has no body.");
    }
    return body.clients().stalls().watched(request.content().inputStream());
  }
}

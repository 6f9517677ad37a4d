package io.tuneplane.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.tuneplane.api.Json;
import io.tuneplane.backend.remote.RefusedException;
import io.tuneplane.backend.remote.RunnerDesk;
import io.tuneplane.backend.remote.RunnerDoor;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Translates between runners on other machines and their run's desk.
final class RunnerRoutes {

  private static final HeaderName ATTEMPT = HeaderNames.create("Tuneplane-Attempt");
  private static final HeaderName OFFSET = HeaderNames.create("Upload-Offset");
  private static final int MOST_EVENT_BYTES = 1 << 20;
  private static final int MOST_MANIFEST_BYTES = 1 << 16;

  private final Map<RunnerRoute, PathTemplate> templates = new EnumMap<>(RunnerRoute.class);
  private final RunnerDoor door;
  private final Duration longest;
  private final Stalls stalls;

  /// @param longest how long a body may take, but for a piece of a file
  RunnerRoutes(RunnerDoor door, Duration longest, Stalls stalls) {
    this.door = door;
    for (RunnerRoute route : RunnerRoute.values()) {
      templates.put(route, route.template());
    }
    this.longest = longest;
    this.stalls = stalls;
  }

  /// A route that was found, and what its path's named parts stand for.
  record Found(RunnerRoute route, Map<String, String> path) {

    String part(String name) {
      return Optional.ofNullable(path.get(name)).orElseThrow();
    }
  }

  /// The route of a request; empty if it is none of a runner's.
  Optional<Found> find(ServerRequest request) {
    String path = request.prologue().uriPath().rawPath();
    String method = request.prologue().method().text();
    if (!path.startsWith(RunnerRoute.PREFIX)) {
      return Optional.empty();
    }
    return templates.entrySet().stream()
        .filter(entry -> entry.getKey().method().equals(method))
        .flatMap(entry ->
            entry.getValue().match(path).stream().map(parts -> new Found(entry.getKey(), parts)))
        .findFirst();
  }

  /// Answers a request.
  ///
  /// @param token what the runner shows
  Answer answer(Found found, String token, ServerRequest request) throws IOException {
    RunnerDesk desk = door.enter(found.part("mark"), token).orElseThrow(RunnerRoutes::unauthorized);
    return switch (found.route()) {
      case ATTEMPTS -> Answer.ok(desk.begin(word(request)));
      case WORK -> Answer.ok(desk.look());
      case FILE -> file(desk, found.part("path"), request);
      case EVENTS -> events(desk, request);
      case ARRIVED -> bytes(desk.arrived(attempt(request), found.part("set"), found.part("path")));
      case PIECE -> piece(desk, found, request);
      case COMPLETE -> complete(desk, found.part("set"), request);
    };
  }

  private String word(ServerRequest request) throws IOException {
    return RequestJson.read(body(request, MOST_MANIFEST_BYTES)).path("runner").asText();
  }

  private static Answer file(RunnerDesk desk, String path, ServerRequest request)
      throws IOException {
    long from = 0;
    List<String> ranges = request.headers().values(HeaderNames.RANGE);
    if (!ranges.isEmpty()) {
      if (ranges.size() > 1 || !ranges.getFirst().matches("bytes=[0-9]{1,18}-")) {
        throw Refusal.of(400, "invalid_range", "Range: may be bytes=N- only.");
      }
      from = Long.parseLong(ranges.getFirst().replaceAll("[^0-9]", ""));
    }
    RunnerDesk.Piece piece = desk.file(path, from);
    return new Answer.Rest(piece.content(), from, piece.bytes());
  }

  private Answer events(RunnerDesk desk, ServerRequest request) throws IOException {
    RunnerDesk.Told told = desk.events(attempt(request), body(request, MOST_EVENT_BYTES));
    ObjectNode json = Json.mapper().createObjectNode().put("next", told.next());
    return new Answer.Body(
        200, json.put("wish", told.wish().name().toLowerCase(Locale.ROOT)), Map.of());
  }

  private Answer piece(RunnerDesk desk, Found found, ServerRequest request) throws IOException {
    long offset = number(request, OFFSET);
    int attempt = attempt(request);
    // Not closed: that would wait for the rest of a piece that is refused.
    InputStream content =
        request.content().hasEntity()
            ? stalls.watched(request.content().inputStream())
            : InputStream.nullInputStream();
    return bytes(desk.append(attempt, found.part("set"), found.part("path"), offset, content));
  }

  private Answer complete(RunnerDesk desk, String set, ServerRequest request) throws IOException {
    desk.complete(attempt(request), set, body(request, MOST_MANIFEST_BYTES));
    return new Answer.Body(200, Json.mapper().createObjectNode().put("complete", true), Map.of());
  }

  private static Answer bytes(long bytes) {
    return new Answer.Body(200, Json.mapper().createObjectNode().put("bytes", bytes), Map.of());
  }

  private byte[] body(ServerRequest request, int most) throws IOException {
    return Bodies.read(request, most, longest, stalls);
  }

  private static int attempt(ServerRequest request) {
    return (int) Math.min(Integer.MAX_VALUE, number(request, ATTEMPT));
  }

  private static long number(ServerRequest request, HeaderName header) {
    List<String> values = request.headers().values(header);
    if (values.size() != 1 || !values.getFirst().matches("[0-9]{1,18}")) {
      throw Refusal.of(
          400, "invalid_header", header.defaultCase() + " must be there once, a number.");
    }
    return Long.parseLong(values.getFirst());
  }

  /// 401 in the same words for every reason, and not those for a person with a key.
  private static Refusal unauthorized() {
    return Refusal.of(401, "invalid_token", "This needs the token of this run, which is good yet.")
        .with("WWW-Authenticate", "Bearer");
  }

  /// What a desk's refusal is on the wire.
  static Refusal refusal(RefusedException refused) {
    String words = String.valueOf(refused.getMessage());
    Refusal refusal =
        switch (refused.why()) {
          case UNAUTHORIZED -> unauthorized();
          case STALE_ATTEMPT -> Refusal.of(409, "stale_attempt", words);
          case SEQUENCE -> Refusal.of(409, "sequence", words);
          case OFFSET -> Refusal.of(409, "offset", words);
          case INCOMPLETE -> Refusal.of(409, "incomplete", words);
          case RESULT_MISSING -> Refusal.of(409, "result_missing", words);
          case BUSY -> Refusal.of(409, "busy", words);
          case NOT_FOUND -> Refusal.notFound(words);
          case TOO_LARGE -> Refusal.of(413, "body_too_large", words);
          case INVALID -> Refusal.of(400, "invalid_request", words);
        };
    refused.details().forEach(refusal::detail);
    return refusal;
  }
}

package io.tuneplane.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.tuneplane.access.Caller;
import io.tuneplane.http.Route.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// Where every request comes in: gives it an id, finds its route, looks who asks and whether they
/// may, has it carried out once, and sends the answer. Safe for many threads.
final class FrontDoor implements Handler {

  private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
  private static final HeaderName RETRY_COUNT = HeaderNames.create("x-stainless-retry-count");
  private static final String SCHEME = "Bearer ";
  private static final int LONGEST_AUTHORIZATION = 512;
  private static final List<String> NOT_OFFERED =
      List.of("/v1/uploads", "/v1/fine_tuning/alpha/", "/v1/fine_tuning/checkpoints/");

  private final Surroundings around;
  private final HttpSettings settings;
  private final Handlers handlers;
  private final Once once;
  private final Metrics metrics;
  private final Clients clients;
  private final Map<Route, PathTemplate> templates = new EnumMap<>(Route.class);
  private final RunnerRoutes runners;
  private final Semaphore chats;
  private final Semaphore followers;

  FrontDoor(
      Surroundings around,
      HttpSettings settings,
      Handlers handlers,
      Once once,
      Metrics metrics,
      Clients clients) {
    this.around = around;
    this.settings = settings;
    this.handlers = handlers;
    this.once = once;
    this.metrics = metrics;
    this.clients = clients;
    for (Route route : Route.values()) {
      templates.put(route, route.template());
    }
    this.runners = new RunnerRoutes(around.runners(), settings.times().body(), clients.stalls());
    this.chats = new Semaphore(settings.crowd().chats());
    this.followers = new Semaphore(settings.crowd().followers());
  }

  /// A route that was found, and what its path's named parts stand for.
  private record Found(Route route, Map<String, String> path) {}

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    String id = "req_" + UUID.randomUUID().toString().replace("-", "");
    Sending sending = new Sending(request, response, id, clients.stalls());
    Optional<RunnerRoutes.Found> runner = runners.find(request);
    Optional<Found> found = find(request);
    try (Metrics.Timer timer =
        metrics.start(
            runner
                .map(r -> r.route().method() + " " + r.route().template())
                .or(() -> name(found)))) {
      try {
        if (runner.isPresent()) {
          sending.send(runners.answer(runner.get(), bearer(request).orElse(""), request));
        } else {
          serve(request, found, sending);
        }
      } catch (IOException | RuntimeException e) {
        sending.failed(e);
      } finally {
        timer.status(sending.status());
      }
    } finally {
      clients.connections().answered(request);
    }
  }

  private static Optional<String> name(Optional<Found> found) {
    return found.map(f -> f.route().method() + " " + f.route().template());
  }

  private void serve(ServerRequest request, Optional<Found> found, Sending sending)
      throws IOException {
    if (found.isPresent() && found.get().route().isOpen()) {
      sending.send(handlers.openOf(found.get().route()).get());
      return;
    }
    Caller caller = caller(request);
    Route route = found.orElseThrow(() -> missing(request)).route();
    if (!route.allows(caller.role())) {
      throw Refusal.of(
          403,
          "forbidden",
          "A key of the role %s may not do this.".formatted(caller.role().wireName()));
    }
    Optional<Semaphore> crowd = crowd(route.kind());
    if (crowd.isPresent() && !crowd.get().tryAcquire()) {
      throw Refusal.busy("The server is answering as many of these as it can; try again later.");
    }
    try {
      sending.send(answer(call(request, caller, found.get()), route));
    } finally {
      crowd.ifPresent(Semaphore::release);
    }
  }

  private Optional<Semaphore> crowd(Kind kind) {
    return switch (kind) {
      case CHAT -> Optional.of(chats);
      case FOLLOW -> Optional.of(followers);
      case PLAIN, ACT, JOB, UPLOAD, SECRET -> Optional.empty();
    };
  }

  private Call call(ServerRequest request, Caller caller, Found found) throws IOException {
    Instant arrived = around.clock().instant();
    byte[] body =
        found.route().kind() == Kind.UPLOAD
            ? new byte[0]
            : Bodies.read(
                request, settings.sizes().bodyBytes(), settings.times().body(), clients.stalls());
    Call call =
        new Call(
            caller,
            around.api().apply(caller),
            found.path(),
            new Call.Body(body, arrived, clients),
            request);
    if (body.length > 0 && found.route().takesJson() && !isJson(call.contentType())) {
      throw Refusal.of(
          415, "unsupported_media_type", "Send the body as 'Content-Type: application/json'.");
    }
    return call;
  }

  private static boolean isJson(String contentType) {
    String type = contentType.replaceFirst(";.*", "").strip();
    return type.equalsIgnoreCase("application/json");
  }

  private Answer answer(Call call, Route route) throws IOException {
    io.tuneplane.http.Handler handler = handlers.of(route);
    return switch (route.kind()) {
      case PLAIN, CHAT, FOLLOW, UPLOAD, JOB -> handler.answer(call);
      case ACT, SECRET -> once(call, route, handler);
    };
  }

  private Answer once(Call call, Route route, io.tuneplane.http.Handler handler)
      throws IOException {
    Once.Request request = onceRequest(call, call.fingerprint());
    Once.Work work = () -> body(handler.answer(call));
    if (request.key().isPresent()) {
      return once.withKey(request, route.kind() == Kind.SECRET, work);
    }
    return work.run();
  }

  /// What makes a request one that takes effect once.
  ///
  /// @throws Refusal if its key can't be one
  static Once.Request onceRequest(Call call, String fingerprint) {
    List<String> keys = call.request().headers().values(IDEMPOTENCY_KEY);
    if (keys.size() > 1 || !keys.stream().allMatch(key -> key.matches("[\\x21-\\x7e]{1,255}"))) {
      throw Refusal.of(
          400,
          "invalid_idempotency_key",
          "Idempotency-Key must be there once, with 1 to 255 visible ASCII characters.");
    }
    boolean retry = call.header(RETRY_COUNT).filter(n -> n.matches("[1-9][0-9]{0,3}")).isPresent();
    return new Once.Request(call.caller(), keys.stream().findFirst(), retry, fingerprint);
  }

  private static Answer.Body body(Answer answer) {
    if (answer instanceof Answer.Body body) {
      return body;
    }
    throw new IllegalStateException("only JSON can be answered again");
  }

  private Caller caller(ServerRequest request) {
    return bearer(request).flatMap(around.authenticate()).orElseThrow(Refusal::unauthorized);
  }

  private static Optional<String> bearer(ServerRequest request) {
    List<String> given = request.headers().values(HeaderNames.AUTHORIZATION);
    if (given.size() != 1
        || given.getFirst().length() > LONGEST_AUTHORIZATION
        || !given.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    return Optional.of(given.getFirst().substring(SCHEME.length()).strip());
  }

  private Optional<Found> find(ServerRequest request) {
    String path = request.prologue().uriPath().rawPath();
    String method = request.prologue().method().text();
    return templates.entrySet().stream()
        .filter(entry -> entry.getKey().method().equals(method))
        .flatMap(entry ->
            entry.getValue().match(path).stream().map(parts -> new Found(entry.getKey(), parts)))
        .findFirst();
  }

  /// Why there is no route: another method, something that we don't offer, or nothing at all.
  private Refusal missing(ServerRequest request) {
    String path = request.prologue().uriPath().rawPath();
    String others =
        templates.entrySet().stream()
            .filter(entry -> entry.getValue().match(path).isPresent())
            .map(entry -> entry.getKey().method())
            .sorted()
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      return Refusal.of(405, "method_not_allowed", "This path takes " + others + " only.")
          .with("Allow", others);
    }
    return NOT_OFFERED.stream().anyMatch(path::startsWith)
        ? Refusal.of(
            400,
            io.tuneplane.api.JobBodies.UNSUPPORTED,
            "Uploads in parts, graders and shared checkpoints are not offered.")
        : Refusal.notFound("There is no such path; /openapi.json has all of them.");
  }
}

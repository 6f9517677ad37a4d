package io.tuneplane.backend.vertex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A stateful stand-in for Vertex AI on this machine, written from the published REST API: tuning
/// jobs (create, list in pages, get, cancel), tuned models, and generateContent as server-sent
/// events. Jobs move only when the test lets time pass. Safe for many threads.
public final class VertexFake implements AutoCloseable {

  static final String PARENT = "projects/p/locations/us-central1";
  static final String TOKEN = "ya29.canary-secret-token";
  private static final String PATH_OF_PARENT = "/(v1|v1beta1)/" + PARENT;
  private static final Pattern JOBS = Pattern.compile(PATH_OF_PARENT + "/tuningJobs");
  private static final Pattern JOB =
      Pattern.compile(PATH_OF_PARENT + "/tuningJobs/(\\d+)(:cancel)?");
  private static final Pattern MODEL = Pattern.compile(PATH_OF_PARENT + "/models/(\\d+)@1");
  private static final Pattern CHAT =
      Pattern.compile(PATH_OF_PARENT + "/(.+):streamGenerateContent");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, FakeJob> jobs = new LinkedHashMap<>();
  private final Map<String, Queue<Answer>> planned = new HashMap<>();
  private final List<Seen> requests = new ArrayList<>();
  private FakeScript next = FakeScript.SUCCEEDS;
  private ChatScript chat = ChatScript.ECHO;
  private int hungUp;

  /// A request as it came.
  record Seen(String method, String path, String query, JsonNode body, String authorization) {}

  /// An answer that a test has planned: it is given instead of the real one, or, where it is the
  /// end of a connection, after the act.
  record Answer(int status, String contentType, String body, Map<String, String> headers) {
    /// The request is served, and its answer never arrives.
    static final Answer DROPPED = new Answer(-1, "", "", Map.of());

    static Answer error(int status, String name, String words) {
      return new Answer(
          status,
          "application/json",
          "{\"error\":{\"code\":%d,\"message\":\"%s\",\"status\":\"%s\"}}"
              .formatted(status, words, name),
          Map.of());
    }

    Answer with(String header, String value) {
      return new Answer(status, contentType, body, Map.of(header, value));
    }
  }

  /// How a job goes.
  record FakeScript(int ticksQueued, int ticksRunning, Optional<String> error) {
    static final FakeScript SUCCEEDS = new FakeScript(1, 2, Optional.empty());
    static final FakeScript ENDLESS = new FakeScript(1, Integer.MAX_VALUE, Optional.empty());

    FakeScript failing(String words) {
      return new FakeScript(ticksQueued, ticksRunning, Optional.of(words));
    }
  }

  /// How an answer goes.
  ///
  /// @param finish why it ends
  /// @param breakAfter pieces after which the connection breaks; negative for never
  /// @param endAfter pieces after which the stream ends without a reason; negative for never
  /// @param pauseMillis silence before each piece but the first
  record ChatScript(String finish, int breakAfter, int endAfter, long pauseMillis) {
    static final ChatScript ECHO = new ChatScript("STOP", -1, -1, 0);
  }

  private static final class FakeJob {
    final ObjectNode node;
    final FakeScript script;
    int ticks;

    FakeJob(ObjectNode node, FakeScript script) {
      this.node = node;
      this.script = script;
    }
  }

  VertexFake() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized void nextJob(FakeScript script) {
    next = script;
  }

  synchronized void answers(ChatScript script) {
    chat = script;
  }

  /// The next request of this kind (`create`, `list`, `get`, `cancel`, `chat`, `model`) gets this.
  synchronized void plan(String kind, Answer answer) {
    planned.computeIfAbsent(kind, _ -> new ArrayDeque<>()).add(answer);
  }

  synchronized int jobs() {
    return jobs.size();
  }

  synchronized JsonNode job(String name) {
    return Objects.requireNonNull(jobs.get(name), name).node.deepCopy();
  }

  /// Forgets a job.
  synchronized void forget(String name) {
    jobs.remove(name);
  }

  /// Puts a job into a state, from outside.
  synchronized void state(String name, String state) {
    Objects.requireNonNull(jobs.get(name), name).node.put("state", state);
  }

  /// A job that someone else made, without our label.
  synchronized void strangersJob() {
    create(JSON.createObjectNode().put("baseModel", "gemini-3.5-flash"));
  }

  synchronized List<Seen> requests() {
    return List.copyOf(requests);
  }

  synchronized List<Seen> requests(String method, String end) {
    return requests.stream().filter(r -> r.method.equals(method) && r.path.endsWith(end)).toList();
  }

  /// How many answers were left by their reader before their end.
  synchronized int hungUp() {
    return hungUp;
  }

  synchronized void tick() {
    jobs.values().forEach(VertexFake::tick);
  }

  private static void tick(FakeJob job) {
    String state = job.node.path("state").asText();
    job.ticks++;
    if (state.equals("JOB_STATE_CANCELLING")) {
      end(job, "JOB_STATE_CANCELLED");
    } else if (state.equals("JOB_STATE_PENDING") && job.ticks > job.script.ticksQueued) {
      job.node.put("state", "JOB_STATE_RUNNING").put("startTime", "2026-11-25T10:05:00Z");
      job.ticks = 0;
    } else if (state.equals("JOB_STATE_RUNNING")) {
      work(job);
    }
  }

  private static void work(FakeJob job) {
    boolean pairs = job.node.has("preferenceOptimizationSpec");
    job.node
        .withObject("/tuningDataStats")
        .withObject(pairs ? "/preferenceOptimizationDataStats" : "/supervisedTuningDataStats")
        .put("tuningDatasetExampleCount", "12")
        .put("totalBillableTokenCount", "4242")
        .put("tuningStepCount", "30");
    if (job.ticks <= job.script.ticksRunning) {
      return;
    }
    if (job.script.error.isPresent()) {
      job.node.withObject("/error").put("code", 3).put("message", job.script.error.get());
      end(job, "JOB_STATE_FAILED");
    } else {
      succeed(job);
    }
  }

  private static void succeed(FakeJob job) {
    String number = job.node.path("name").asText().replaceFirst(".*/", "");
    ObjectNode tuned = job.node.withObject("/tunedModel");
    tuned.put("model", PARENT + "/models/" + number + "@1");
    tuned.put("endpoint", PARENT + "/endpoints/" + number);
    ArrayNode checkpoints = tuned.putArray("checkpoints");
    for (int epoch = 1; epoch <= 3; epoch++) {
      checkpoints
          .addObject()
          .put("checkpointId", Integer.toString(epoch))
          .put("epoch", Integer.toString(epoch))
          .put("step", Integer.toString(epoch * 10))
          .put("endpoint", PARENT + "/endpoints/" + number + "0" + epoch);
    }
    end(job, "JOB_STATE_SUCCEEDED");
  }

  private static void end(FakeJob job, String state) {
    job.node.put("state", state).put("endTime", "2026-11-25T11:05:00Z");
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
      JsonNode json = body.length == 0 ? JSON.nullNode() : JSON.readTree(body);
      String authorization =
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
      String method = exchange.getRequestMethod();
      synchronized (this) {
        requests.add(new Seen(method, path, query, json, authorization));
      }
      if (!authorization.equals("Bearer " + TOKEN)) {
        send(exchange, Answer.error(401, "UNAUTHENTICATED", "Request had invalid credentials."));
        return;
      }
      answer(exchange, method, path, query, json);
    }
  }

  private void answer(
      HttpExchange exchange, String method, String path, String query, JsonNode body)
      throws IOException {
    Matcher job = JOB.matcher(path);
    Matcher chatting = CHAT.matcher(path);
    Matcher model = MODEL.matcher(path);
    if (JOBS.matcher(path).matches()) {
      boolean create = method.equals("POST");
      either(
          exchange,
          create ? "create" : "list",
          () -> create ? create((ObjectNode) body) : list(query));
    } else if (job.matches()) {
      boolean cancel = job.group(3) != null;
      String name = PARENT + "/tuningJobs/" + job.group(2);
      either(exchange, cancel ? "cancel" : "get", () -> cancel ? cancel(name) : get(name));
    } else if (model.matches()) {
      either(exchange, "model", () -> model(model.group(2)));
    } else if (chatting.matches()) {
      chat(exchange, chatting.group(2), body);
    } else {
      send(exchange, Answer.error(404, "NOT_FOUND", "no such path: " + path));
    }
  }

  private interface Act {
    Answer run();
  }

  private void either(HttpExchange exchange, String kind, Act act) throws IOException {
    Optional<Answer> instead = takePlanned(kind);
    if (instead.isPresent() && instead.get().status > 0) {
      send(exchange, instead.get());
      return;
    }
    Answer answer;
    synchronized (this) {
      answer = act.run();
    }
    if (instead.isEmpty()) {
      send(exchange, answer);
    }
  }

  private synchronized Optional<Answer> takePlanned(String kind) {
    return Optional.ofNullable(planned.get(kind)).map(Queue::poll);
  }

  private Answer create(ObjectNode body) {
    if (!body.has("baseModel") && !body.has("preTunedModel")) {
      return Answer.error(
          400, "INVALID_ARGUMENT", "Either base_model or pre_tuned_model must be set.");
    }
    String name = PARENT + "/tuningJobs/" + (1000 + jobs.size());
    ObjectNode job = body.deepCopy();
    job.put("name", name)
        .put("state", "JOB_STATE_PENDING")
        .put("createTime", "2026-11-25T10:00:00Z");
    jobs.put(name, new FakeJob(job, next));
    return ok(job);
  }

  private Answer list(String query) {
    int size = number(query, "pageSize", 100);
    int from = number(query, "pageToken", 0);
    List<FakeJob> newestFirst = new ArrayList<>(jobs.values()).reversed();
    ObjectNode page = JSON.createObjectNode();
    int end = Math.min(newestFirst.size(), from + Math.min(size, 2));
    ArrayNode listed = page.putArray("tuningJobs");
    newestFirst.subList(from, end).forEach(j -> listed.add(j.node));
    if (end < newestFirst.size()) {
      page.put("nextPageToken", Integer.toString(end));
    }
    return ok(page);
  }

  private static int number(String query, String key, int otherwise) {
    Matcher matcher = Pattern.compile("(?:^|&)" + key + "=(\\d+)").matcher(query);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
  }

  private Answer get(String name) {
    return jobs.containsKey(name) ? ok(jobs.get(name).node) : notFound(name);
  }

  private Answer cancel(String name) {
    if (!jobs.containsKey(name)) {
      return notFound(name);
    }
    ObjectNode job = jobs.get(name).node;
    if (job.has("endTime")) {
      return Answer.error(400, "FAILED_PRECONDITION", "The job has ended.");
    }
    job.put("state", "JOB_STATE_CANCELLING");
    return ok(JSON.createObjectNode());
  }

  private Answer model(String number) {
    if (!jobs.containsKey(PARENT + "/tuningJobs/" + number)) {
      return notFound("models/" + number);
    }
    ObjectNode model = JSON.createObjectNode().put("name", PARENT + "/models/" + number);
    model.putArray("deployedModels").addObject().put("endpoint", PARENT + "/endpoints/" + number);
    return ok(model);
  }

  private static Answer notFound(String name) {
    return Answer.error(404, "NOT_FOUND", name + " is not found.");
  }

  private static Answer ok(JsonNode node) {
    return new Answer(200, "application/json", node.toString(), Map.of());
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", answer.contentType);
    answer.headers.forEach((k, v) -> exchange.getResponseHeaders().add(k, v));
    exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private void chat(HttpExchange exchange, String target, JsonNode body) throws IOException {
    Optional<Answer> instead = takePlanned("chat");
    String number = target.replaceFirst(".*/", "");
    boolean known =
        target.startsWith("publishers/google/models/gemini-")
            || (target.startsWith("endpoints/")
                && jobs.containsKey(PARENT + "/tuningJobs/" + number));
    if (instead.isPresent() || !known) {
      send(exchange, instead.orElseGet(() -> notFound(target)));
      return;
    }
    ChatScript script;
    synchronized (this) {
      script = chat;
    }
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try {
      speak(exchange, body, script);
    } catch (IOException e) {
      synchronized (this) {
        hungUp++;
      }
    }
  }

  private static void speak(HttpExchange exchange, JsonNode body, ChatScript script)
      throws IOException {
    String asked =
        body.path("contents").path(body.path("contents").size() - 1).at("/parts/0/text").asText();
    String[] words = ("You said: " + asked).split("(?<= )", -1);
    int most = body.at("/generationConfig/maxOutputTokens").asInt(Integer.MAX_VALUE);
    int count = Math.min(words.length, most);
    for (int i = 0; i < count; i++) {
      if (i == script.breakAfter) {
        throw new IOException("the connection breaks, as planned");
      }
      if (i == script.endAfter) {
        return;
      }
      if (i > 0 && script.pauseMillis > 0) {
        pause(script.pauseMillis);
      }
      boolean last = i == count - 1;
      String finish = count < words.length ? "MAX_TOKENS" : script.finish;
      event(exchange, words[i], last ? Optional.of(finish) : Optional.empty(), i + 1);
    }
  }

  private static void event(HttpExchange exchange, String word, Optional<String> finish, int tokens)
      throws IOException {
    ObjectNode event = JSON.createObjectNode();
    ObjectNode candidate = event.putArray("candidates").addObject();
    candidate
        .putObject("content")
        .put("role", "model")
        .putArray("parts")
        .addObject()
        .put("text", word);
    finish.ifPresent(f -> candidate.put("finishReason", f));
    event
        .putObject("usageMetadata")
        .put("promptTokenCount", 11)
        .put("candidatesTokenCount", tokens)
        .put("cachedContentTokenCount", 5)
        .put("totalTokenCount", 11 + tokens);
    exchange
        .getResponseBody()
        .write(("data: " + event + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

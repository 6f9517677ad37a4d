package io.tuneplane.backend.openai;

import static io.tuneplane.backend.openai.FakeAnswer.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// A stateful OpenAI on the loopback interface: files, tuning jobs, models and chat, written from
/// the published API description (2026-08-21). Its clock stands still until [#advance], and is the
/// tests' clock. Where the file named by the system property `tuneplane.openai.exchanges` is, each
/// exchange is written down, for the official Python SDK's types to check. Safe for many threads.
public final class FakeOpenAi implements InstantSource, AutoCloseable {

  /// The key that it takes.
  public static final String KEY = "sk-canary-7Jq2fZ0wTq";

  private static final int USUAL_LIMIT = 20;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SequencedMap<String, FakeJob> jobs = new LinkedHashMap<>();
  private final SequencedMap<String, ObjectNode> files = new LinkedHashMap<>();
  private final Map<String, byte[]> contents = new HashMap<>();
  private final SequencedMap<String, Optional<LocalDate>> models = new LinkedHashMap<>();
  private final List<Exchange> exchanges = new ArrayList<>();
  private final Map<String, Queue<FakeFault>> faults = new HashMap<>();
  private final Queue<Integer> steps = new ArrayDeque<>();
  private Optional<String> failure = Optional.empty();
  private Duration lag = Duration.ZERO;
  private int cap = Integer.MAX_VALUE;
  private FakeChat chat = new FakeChat(FakeChat.Trouble.NONE, 0);
  private Instant now;
  private int ids;
  private int created;

  public FakeOpenAi(Instant start) throws IOException {
    this.now = start;
    models.put("gpt-4o-mini-2024-07-18", Optional.of(LocalDate.of(2027, 1, 14)));
    models.put("gpt-4.1-mini-2025-04-14", Optional.empty());
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /// Its address.
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /// Lets time pass.
  public synchronized void advance(Duration time) {
    now = now.plus(time);
    jobs.values().forEach(job -> job.tick(now));
  }

  /// How many steps the next job has; six where nothing is said.
  public synchronized void nextJobHas(int number) {
    steps.add(number);
  }

  /// Jobs that are created from now on fail with this code.
  public synchronized void jobsFailWith(String code) {
    failure = Optional.of(code);
  }

  /// How long a job that was created is missing from the list.
  public synchronized void lag(Duration time) {
    lag = time;
  }

  synchronized void fault(String methodAndPath, FakeFault fault) {
    faults.computeIfAbsent(methodAndPath, _ -> new ArrayDeque<>()).add(fault);
  }

  /// Whoever asks for a job is told that none is taken, in OpenAI's words.
  public void takesNoJob() {
    fault(
        "POST /fine_tuning/jobs",
        new FakeFault.Instead(
            FakeAnswer.error(
                403,
                "training_not_available",
                "Fine-tuning is no longer available for your organization.")));
  }

  synchronized void chat(FakeChat next) {
    chat = next;
  }

  /// Forgets a job.
  public synchronized void forget(String job) {
    jobs.remove(job);
  }

  synchronized FakeJob job(String id) {
    return Optional.ofNullable(jobs.get(id)).orElseThrow();
  }

  /// Lists another model.
  public synchronized void model(String id, Optional<LocalDate> shutdown) {
    models.put(id, shutdown);
  }

  /// How many jobs were ever created.
  public synchronized int created() {
    return created;
  }

  synchronized int files() {
    return files.size();
  }

  synchronized byte[] content(String file) {
    return Optional.ofNullable(contents.get(file)).orElseThrow();
  }

  /// Everything that reached it so far.
  public synchronized List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }

  /// Puts a file into the account, as if it had been uploaded long ago.
  public synchronized String addFile(String name, byte[] content) {
    return keep(name, "fine-tune", content).path("id").asText();
  }

  /// Puts a job into the account.
  ///
  /// @return its id
  public synchronized String addJob(JsonNode request, int stepCount, Optional<String> fails) {
    FakeJob job = new FakeJob(id("ftjob-"), request, now, stepCount, fails);
    jobs.put(job.id(), job);
    return job.id();
  }

  /// The next look at a job is answered with an error.
  public void failNextLook(String job) {
    fault("GET /fine_tuning/jobs/" + job, new FakeFault.Instead(FakeAnswer.error(503, null, "no")));
  }

  /// Forgets a file.
  public synchronized void forgetFile(String file) {
    files.remove(file);
  }

  /// The most that one page holds, whatever is asked for.
  public synchronized void pageCap(int items) {
    cap = items;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath().replaceFirst("^/v1", "");
    String method = exchange.getRequestMethod();
    try {
      Optional<FakeFault> fault = fault(method, path);
      if (fault.orElse(null) instanceof FakeFault.Instead(FakeAnswer answer)) {
        send(exchange, body, answer);
        return;
      }
      if (fault.orElse(null) instanceof FakeFault.Broken) {
        record(exchange, body, 0, MissingNode.getInstance());
        return;
      }
      if (path.equals("/chat/completions") && authorized(exchange)) {
        chat(exchange, body);
        return;
      }
      FakeAnswer answer = authorized(exchange) ? route(exchange, method, path, body) : wrongKey();
      switch (fault.orElse(null)) {
        case FakeFault.DropAnswer _ -> {
          record(exchange, body, 0, MissingNode.getInstance());
          exchange.close();
        }
        case FakeFault.DoneBut(FakeAnswer other) -> send(exchange, body, other);
        case FakeFault.Instead _, FakeFault.Broken _ -> throw new IllegalStateException();
        case null -> send(exchange, body, answer);
      }
    } finally {
      exchange.close();
    }
  }

  private synchronized Optional<FakeFault> fault(String method, String path) {
    return faults.entrySet().stream()
        .filter(e -> (method + " " + path).matches(e.getKey()) && !e.getValue().isEmpty())
        .findFirst()
        .map(e -> e.getValue().remove());
  }

  private static boolean authorized(HttpExchange exchange) {
    return ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  private static FakeAnswer wrongKey() {
    return FakeAnswer.error(
        401, "invalid_api_key", "Incorrect API key provided. You can find your API key at ...");
  }

  private synchronized FakeAnswer route(
      HttpExchange exchange, String method, String path, byte[] body) throws IOException {
    String[] at = path.substring(1).split("/", -1);
    Map<String, String> query = query(exchange);
    return switch (at[0]) {
      case "files" -> files(exchange, method, at, query, body);
      case "models" -> at.length == 1 ? listModels() : model(at[1]);
      case "fine_tuning" ->
          at.length == 2
              ? method.equals("POST") ? create(JSON.readTree(body)) : listJobs(query)
              : job(method, at, query);
      default ->
          FakeAnswer.error(404, "unknown_url", "Unknown request URL: " + method + " " + path);
    };
  }

  private FakeAnswer files(
      HttpExchange exchange, String method, String[] at, Map<String, String> query, byte[] body) {
    if (at.length == 1 && method.equals("POST")) {
      return upload(exchange, body);
    }
    if (at.length == 1) {
      List<ObjectNode> found =
          files.sequencedValues().reversed().stream()
              .filter(f ->
                  f.path("purpose")
                      .asText()
                      .equals(query.getOrDefault("purpose", f.path("purpose").asText())))
              .toList();
      return page(found, query, 10_000);
    }
    if (!files.containsKey(at[1])) {
      return FakeAnswer.error(404, null, "No such File object: " + at[1]);
    }
    return at.length == 2
        ? FakeAnswer.ok(files.get(at[1]))
        : FakeAnswer.text(200, new String(content(at[1]), StandardCharsets.UTF_8))
            .with("Content-Type", "application/octet-stream");
  }

  private FakeAnswer upload(HttpExchange exchange, byte[] body) {
    Map<String, Multipart.Part> parts =
        Multipart.parse(exchange.getRequestHeaders().getFirst("Content-Type"), body);
    Multipart.Part file = parts.get("file");
    if (file == null || !parts.containsKey("purpose")) {
      return FakeAnswer.error(400, null, "'file' and 'purpose' are required");
    }
    return FakeAnswer.ok(keep(file.filename(), parts.get("purpose").text(), file.content()));
  }

  private ObjectNode keep(String name, String purpose, byte[] content) {
    ObjectNode file = JSON.createObjectNode();
    file.put("id", id("file-")).put("object", "file").put("bytes", content.length);
    file.put("created_at", now.getEpochSecond()).put("filename", name);
    file.put("purpose", purpose).put("status", "processed");
    files.put(file.path("id").asText(), file);
    contents.put(file.path("id").asText(), content);
    return file;
  }

  private FakeAnswer create(JsonNode request) {
    if (!files.containsKey(request.path("training_file").asText())) {
      return FakeAnswer.error(400, "invalid_training_file", "invalid training_file");
    }
    if (!models.containsKey(request.path("model").asText())) {
      return FakeAnswer.error(
          404, "model_not_found", "The model does not exist or you do not have access to it.");
    }
    Integer number = steps.poll();
    FakeJob job = new FakeJob(id("ftjob-"), request, now, number == null ? 6 : number, failure);
    jobs.put(job.id(), job);
    created++;
    return FakeAnswer.ok(job.json());
  }

  private FakeAnswer listJobs(Map<String, String> query) {
    List<ObjectNode> found =
        jobs.sequencedValues().reversed().stream()
            .filter(job -> !now.isBefore(job.created().plus(lag)))
            .filter(job -> matches(job, query))
            .map(FakeJob::json)
            .toList();
    return page(found, query, USUAL_LIMIT);
  }

  private static boolean matches(FakeJob job, Map<String, String> query) {
    return query.entrySet().stream()
        .filter(e -> e.getKey().startsWith("metadata["))
        .allMatch(e -> job.carries(e.getKey().substring(9, e.getKey().length() - 1), e.getValue()));
  }

  private FakeAnswer job(String method, String[] at, Map<String, String> query) {
    FakeJob job = jobs.get(at[2]);
    if (job == null) {
      return FakeAnswer.error(404, "fine_tune_not_found", "Could not find fine tune: " + at[2]);
    }
    if (at.length == 3) {
      return FakeAnswer.ok(job.json());
    }
    return method.equals("POST")
        ? change(job, at[3])
        : page(at[3].equals("events") ? job.events() : job.checkpoints(), query, USUAL_LIMIT);
  }

  private FakeAnswer change(FakeJob job, String to) {
    if (job.ended()) {
      return FakeAnswer.error(400, "invalid_state", "Job has already completed: " + job.id());
    }
    switch (to) {
      case "cancel" -> job.cancel(now);
      case "pause" -> job.pause(now);
      case "resume" -> job.resume(now);
      default -> throw new IllegalStateException(to);
    }
    return FakeAnswer.ok(job.json());
  }

  private FakeAnswer listModels() {
    return page(models.keySet().stream().map(this::modelJson).toList(), Map.of(), 1000);
  }

  private FakeAnswer model(String path) {
    String id = URLDecoder.decode(path, StandardCharsets.UTF_8);
    return knows(id)
        ? FakeAnswer.ok(modelJson(id))
        : FakeAnswer.error(404, "model_not_found", "The model '" + id + "' does not exist");
  }

  private boolean knows(String id) {
    return models.containsKey(id)
        || jobs.values().stream().anyMatch(job -> job.model().equals(Optional.of(id)));
  }

  private ObjectNode modelJson(String id) {
    ObjectNode model = JSON.createObjectNode();
    model.put("id", id).put("object", "model").put("created", 1_721_172_741L);
    model.put("owned_by", "system");
    models
        .getOrDefault(id, Optional.empty())
        .ifPresentOrElse(
            day -> model.put("shutdown_date", day.toString()),
            () -> model.putNull("shutdown_date"));
    return model;
  }

  private FakeAnswer page(List<ObjectNode> all, Map<String, String> query, int usual) {
    int from = 0;
    if (query.containsKey("after")) {
      List<String> known = all.stream().map(o -> o.path("id").asText()).toList();
      from = known.indexOf(query.get("after")) + 1;
    }
    int asked = Integer.parseInt(query.getOrDefault("limit", Integer.toString(usual)));
    int limit = Math.min(asked, cap);
    int to = Math.min(all.size(), from + limit);
    ObjectNode page = JSON.createObjectNode().put("object", "list");
    ArrayNode data = page.putArray("data");
    all.subList(from, to).forEach(data::add);
    page.put("has_more", to < all.size());
    page.put("first_id", from < to ? all.get(from).path("id").asText() : "");
    page.put("last_id", from < to ? all.get(to - 1).path("id").asText() : "");
    return FakeAnswer.ok(page);
  }

  private void chat(HttpExchange exchange, byte[] body) throws IOException {
    JsonNode request = JSON.readTree(body);
    FakeChat speaker;
    synchronized (this) {
      speaker = chat;
      if (!knows(request.path("model").asText())) {
        send(exchange, body, FakeAnswer.error(404, "model_not_found", "The model does not exist"));
        return;
      }
    }
    record(exchange, body, 200, MissingNode.getInstance());
    speaker.answer(exchange, request);
  }

  private void send(HttpExchange exchange, byte[] body, FakeAnswer answer) throws IOException {
    record(exchange, body, answer.status(), json(answer.body().getBytes(StandardCharsets.UTF_8)));
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.getResponseHeaders().add("x-request-id", "req_fake");
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private synchronized void record(
      HttpExchange exchange, byte[] body, int status, JsonNode answer) {
    Map<String, List<String>> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    Exchange seen =
        new Exchange(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath().replaceFirst("^/v1", ""),
            query(exchange),
            headers,
            json(body),
            status,
            answer);
    exchanges.add(seen);
    String file = System.getProperty("tuneplane.openai.exchanges", "");
    if (!file.isEmpty()) {
      write(Path.of(file), seen);
    }
  }

  private static void write(Path file, Exchange seen) {
    ObjectNode line = JSON.createObjectNode();
    line.put("method", seen.method()).put("path", seen.path()).put("status", seen.status());
    line.set("query", JSON.valueToTree(seen.query()));
    line.set("request", seen.body());
    line.set("response", seen.answer());
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (IOException _) {
      return MissingNode.getInstance(); // A file's content, or an answer that is broken on purpose.
    }
  }

  private static Map<String, String> query(HttpExchange exchange) {
    String raw = exchange.getRequestURI().getRawQuery();
    if (raw == null) {
      return Map.of();
    }
    return List.of(raw.split("&", -1)).stream()
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
  }

  private String id(String prefix) {
    ids++;
    return "%s%06d".formatted(prefix, ids);
  }
}

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Load on a running server, from another process: `ServerBenchmark.java URL KEY MODEL jobs N`,
/// `... requests N`, `... followers N`. Prints figures; the caller says on what machine.
public final class ServerBenchmark {

  private static final int AT_ONCE = 16;
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
  private static final String EDGE = "edge-of-parts";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final String key;
  private final String model;

  private ServerBenchmark(String url, String key, String model) {
    this.url = url;
    this.key = key;
    this.model = model;
  }

  public static void main(String[] args) throws Exception {
    ServerBenchmark benchmark = new ServerBenchmark(args[0], args[1], args[2]);
    int count = Integer.parseInt(args[4]);
    switch (args[3]) {
      case "jobs" -> benchmark.jobs(count);
      case "requests" -> benchmark.requests(count);
      case "followers" -> benchmark.followers(count);
      default -> throw new IllegalArgumentException("jobs, requests or followers, not " + args[3]);
    }
  }

  /// Accepts N jobs as fast as it can, and waits until all have ended.
  private void jobs(int count) throws Exception {
    String file = upload();
    String label = "bench-" + System.nanoTime();
    long start = System.nanoTime();
    each(count, i -> create(file, label));
    double accepted = seconds(start);
    long left = count;
    while (left > 0) {
      Thread.sleep(200);
      left = unended();
    }
    double finished = seconds(start);
    System.out.printf(
        "%d jobs: %.0f accepted a second, %.0f finished a second%n",
        count, count / accepted, count / finished);
  }

  private long unended() throws Exception {
    String metrics = get("/metrics");
    long left = 0;
    for (String status : List.of("validating_files", "queued", "running")) {
      Matcher found =
          Pattern.compile("tuneplane_jobs\\{[^}]*status=\"" + status + "\"[^}]*} ([0-9.]+)")
              .matcher(metrics);
      while (found.find()) {
        left += (long) Double.parseDouble(found.group(1));
      }
    }
    return left;
  }

  /// p50 and p99 of create, get and list, one after another and 16 at once.
  private void requests(int count) throws Exception {
    String file = upload();
    List<String> ids = new ArrayList<>();
    time("create", count, () -> ids.add(id(create(file, "requests"))));
    time("get", count, () -> get("/v1/fine_tuning/jobs/" + ids.getFirst()));
    time("list", count, () -> get("/v1/fine_tuning/jobs?limit=20"));
  }

  private void time(String name, int count, Callable<?> call) throws Exception {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      call.call();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%s: p50 %.1f ms, p99 %.1f ms%n",
        name, nanos[count / 2] / 1e6, nanos[(int) (count * 0.99)] / 1e6);
  }

  /// N followers of one job's events, from its creation to its end.
  private void followers(int count) throws Exception {
    String id = id(create(upload(), "followed"));
    CountDownLatch ended = new CountDownLatch(count);
    AtomicLong events = new AtomicLong();
    AtomicLong broken = new AtomicLong();
    long start = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        threads.submit(() -> {
          try {
            events.addAndGet(follow(id));
          } catch (Exception e) {
            broken.incrementAndGet();
          } finally {
            ended.countDown();
          }
        });
      }
      ended.await();
    }
    System.out.printf(
        "%d followers: %d events in %.1f s, %d broke off%n",
        count, events.get(), seconds(start), broken.get());
  }

  private long follow(String id) throws Exception {
    HttpRequest request =
        request("/api/v1/jobs/" + id + "/events").header("Accept", "text/event-stream").build();
    HttpResponse<java.io.InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("status " + answer.statusCode());
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> line.startsWith("id:")).count();
    }
  }

  private interface Numbered {
    Object call(int i) throws Exception;
  }

  private static void each(int count, Numbered call) throws Exception {
    Semaphore free = new Semaphore(AT_ONCE);
    List<Future<?>> calls = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        int number = i;
        free.acquire();
        calls.add(
            threads.submit(() -> {
              try {
                return call.call(number);
              } finally {
                free.release();
              }
            }));
      }
      for (Future<?> done : calls) {
        done.get();
      }
    }
  }

  private String create(String file, String label) throws Exception {
    String body =
        """
        {"model": "%s", "training_file": "%s", "suffix": "bench", "metadata": {"bench": "%s", "tuneplane.backend": "openai"}}"""
            .formatted(model, file, label);
    return send(
        request("/v1/fine_tuning/jobs")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private String upload() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      lines.append(
          """
          {"messages": [{"role": "user", "content": "ping %d"}, {"role": "assistant", "content": "pong %d"}]}
          """
              .formatted(i, i));
    }
    String body =
        ("--%s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--%s\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"b.jsonl\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n%s\r\n--%s--\r\n")
            .formatted(EDGE, EDGE, lines, EDGE);
    return id(
        send(
            request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=" + EDGE)
                .POST(BodyPublishers.ofString(body))
                .build()));
  }

  private String get(String path) throws Exception {
    return send(request(path).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
  }

  private String send(HttpRequest request) throws Exception {
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(request.uri() + ": " + answer.statusCode() + answer.body());
    }
    return answer.body();
  }

  private static String id(String json) {
    Matcher found = ID.matcher(json);
    if (!found.find()) {
      throw new IllegalStateException("no id in " + json);
    }
    return found.group(1);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}

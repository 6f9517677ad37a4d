package io.tuneplane.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts requests, and how long they took. Labels are routes and statuses, never what a client
/// sent: their number is bounded, and nothing secret is in them. Safe for many threads.
final class Metrics {

  /// Upper bounds of the latency's buckets, in milliseconds.
  static final long[] BUCKETS = {5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000, 60_000};

  private static final String UNMATCHED = "none";

  private final Map<Labels, LongAdder> requests = new ConcurrentHashMap<>();
  private final Map<String, Latency> latencies = new ConcurrentHashMap<>();
  private final LongAdder inFlight = new LongAdder();

  /// A route and a status.
  record Labels(String route, int status) implements Comparable<Labels> {
    @Override
    public int compareTo(Labels other) {
      int byRoute = route.compareTo(other.route);
      return byRoute != 0 ? byRoute : Integer.compare(status, other.status);
    }
  }

  /// How long a route's requests took.
  static final class Latency {

    private final LongAdder[] buckets = new LongAdder[BUCKETS.length + 1];
    private final LongAdder micros = new LongAdder();

    Latency() {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = new LongAdder();
      }
    }

    void add(Duration took) {
      int i = 0;
      while (i < BUCKETS.length && took.toMillis() > BUCKETS[i]) {
        i++;
      }
      buckets[i].increment();
      micros.add(took.toNanos() / 1000);
    }

    long bucket(int i) {
      return buckets[i].sum();
    }

    double seconds() {
      return micros.sum() / 1e6;
    }
  }

  /// Measures one request.
  final class Timer implements AutoCloseable {

    private final String route;
    private final long started = System.nanoTime();
    private int status;

    private Timer(String route) {
      this.route = route;
      inFlight.increment();
    }

    void status(int code) {
      status = code;
    }

    @Override
    public void close() {
      inFlight.decrement();
      requests.computeIfAbsent(new Labels(route, status), _ -> new LongAdder()).increment();
      latencies
          .computeIfAbsent(route, _ -> new Latency())
          .add(Duration.ofNanos(System.nanoTime() - started));
    }
  }

  /// @param route its method and template; empty if there is none
  Timer start(Optional<String> route) {
    return new Timer(route.orElse(UNMATCHED));
  }

  Map<Labels, Long> requests() {
    Map<Labels, Long> counts = new TreeMap<>();
    requests.forEach((labels, count) -> counts.put(labels, count.sum()));
    return counts;
  }

  Map<String, Latency> latencies() {
    return new TreeMap<>(latencies);
  }

  long inFlight() {
    return inFlight.sum();
  }
}

package io.tuneplane.http;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The figures as OpenMetrics text (version 1.0.0).
final class OpenMetrics {

  static final String TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final StringBuilder text = new StringBuilder();

  private OpenMetrics() {}

  static String text(Metrics metrics, Surroundings.State state) {
    OpenMetrics page = new OpenMetrics();
    page.requests(metrics);
    page.latencies(metrics);
    page.jobs(state.jobsByStatus().get());
    page.process(state.version());
    return page.text.append("# EOF\n").toString();
  }

  private void requests(Metrics metrics) {
    family("tuneplane_http_requests", "counter", "Requests answered, by route and status.");
    metrics
        .requests()
        .forEach((labels, count) ->
            line(
                "tuneplane_http_requests_total{route=\"%s\",status=\"%d\"} %d"
                    .formatted(labels.route(), labels.status(), count)));
    family("tuneplane_http_requests_in_flight", "gauge", "Requests under way.");
    line("tuneplane_http_requests_in_flight " + metrics.inFlight());
  }

  private void latencies(Metrics metrics) {
    family("tuneplane_http_request_duration_seconds", "histogram", "Until the answer was sent.");
    metrics.latencies().forEach(this::latency);
  }

  private void latency(String route, Metrics.Latency latency) {
    String name = "tuneplane_http_request_duration_seconds";
    long sum = 0;
    for (int i = 0; i <= Metrics.BUCKETS.length; i++) {
      sum += latency.bucket(i);
      String bound =
          i < Metrics.BUCKETS.length ? Double.toString(Metrics.BUCKETS[i] / 1000.0) : "+Inf";
      line("%s_bucket{route=\"%s\",le=\"%s\"} %d".formatted(name, route, bound, sum));
    }
    line("%s_count{route=\"%s\"} %d".formatted(name, route, sum));
    line(String.format(Locale.ROOT, "%s_sum{route=\"%s\"} %.6f", name, route, latency.seconds()));
  }

  private void jobs(Map<String, Long> byStatus) {
    family("tuneplane_jobs", "gauge", "Jobs by status.");
    new TreeMap<>(byStatus)
        .forEach(
            (status, count) -> line("tuneplane_jobs{status=\"%s\"} %d".formatted(status, count)));
  }

  private void process(String version) {
    var runtime = ManagementFactory.getRuntimeMXBean();
    family("tuneplane_build", "info", "The version that runs.");
    line("tuneplane_build_info{version=\"%s\"} 1".formatted(version));
    family("process_start_time_seconds", "gauge", "When the process began, Unix seconds.");
    line("process_start_time_seconds " + runtime.getStartTime() / 1000);
    family("jvm_memory_used_bytes", "gauge", "Memory of the heap that is in use.");
    line(
        "jvm_memory_used_bytes "
            + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    family("jvm_threads", "gauge", "Platform threads.");
    line("jvm_threads " + ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private void family(String name, String type, String help) {
    line("# TYPE %s %s".formatted(name, type));
    line("# HELP %s %s".formatted(name, help));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}

package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.config.ClusterSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The cluster as runs look at it: connected to when it is first asked for, its Jobs and pods
/// mirrored, its nodes and APIs remembered for a while. Safe for many threads.
final class ClusterAccess implements AutoCloseable {

  /// How long what nodes there are is believed.
  static final Duration FRESH = Duration.ofSeconds(10);

  private static final String KUEUE = "kueue.x-k8s.io";

  private final ClusterSettings settings;
  private final Connecting connecting;
  private final InstantSource clock;

  private @Nullable Cluster cluster;
  private @Nullable Mirror jobs;
  private @Nullable Mirror pods;
  private @Nullable Remembered<ClusterView> view;
  private @Nullable Remembered<Optional<String>> kueue;

  /// Connects to a cluster.
  interface Connecting {
    Cluster connect(ClusterSettings settings) throws IOException;
  }

  ClusterAccess(ClusterSettings settings, Connecting connecting, InstantSource clock) {
    this.settings = settings;
    this.connecting = connecting;
    this.clock = clock;
  }

  private record Remembered<T>(T value, Instant until) {}

  /// The cluster itself.
  synchronized Cluster cluster() throws IOException {
    Cluster now = cluster;
    if (now == null) {
      now = connecting.connect(settings);
      cluster = now;
    }
    return now;
  }

  private synchronized Mirror jobs() throws IOException {
    Mirror now = jobs;
    if (now == null) {
      now = new Mirror(cluster(), Kind.JOB, Labels.OURS);
      jobs = now;
    }
    return now;
  }

  private synchronized Mirror pods() throws IOException {
    Mirror now = pods;
    if (now == null) {
      now = new Mirror(cluster(), Kind.POD, Labels.OURS);
      pods = now;
    }
    return now;
  }

  /// A Job of ours. What the mirror does not know is asked for, since a Job that was made a moment
  /// ago may not be in it yet.
  Optional<JsonNode> job(String name) throws IOException, ClusterException {
    Mirror mirror = jobs();
    Optional<JsonNode> mirrored = mirror.isCurrent() ? mirror.get(name) : Optional.empty();
    return mirrored.isPresent() ? mirrored : cluster().get(Kind.JOB, name);
  }

  /// The pods of a run, oldest first.
  List<JsonNode> pods(RunName run) throws IOException, ClusterException {
    Mirror mirror = pods();
    List<JsonNode> found =
        mirror.isCurrent()
            ? mirror.all(p ->
                p.path("metadata").path("labels").path(Labels.RUN).asText().equals(run.value()))
            : cluster().list(Kind.POD, Labels.RUN + "=" + run.value()).items();
    return found.stream()
        .sorted(Comparator.comparing(p -> Json.text(p, "metadata", "creationTimestamp")))
        .toList();
  }

  /// The pods of a server that runs or is to run.
  List<JsonNode> serverPods(String server) throws IOException, ClusterException {
    return cluster().list(Kind.POD, Labels.SERVER + "=" + server).items();
  }

  /// The version of Kueue's API that the cluster prefers; empty where it has none.
  Optional<String> kueue() throws IOException, ClusterException {
    Optional<Optional<String>> known;
    synchronized (this) {
      known = fresh(kueue);
    }
    if (known.isPresent()) {
      return known.get();
    }
    Optional<String> found = cluster().version(KUEUE);
    synchronized (this) {
      kueue = new Remembered<>(found, clock.instant().plus(Duration.ofMinutes(1)));
    }
    return found;
  }

  /// The GPUs that there are.
  ClusterView gpus() throws IOException, ClusterException {
    synchronized (this) {
      Optional<ClusterView> known = fresh(view);
      if (known.isPresent()) {
        return known.get();
      }
    }
    ClusterView seen = look();
    synchronized (this) {
      view = new Remembered<>(seen, clock.instant().plus(FRESH));
    }
    return seen;
  }

  /// The GPUs that there are, asked for now.
  ClusterView look() throws IOException, ClusterException {
    List<JsonNode> nodes = cluster().list(Kind.NODE, "").items();
    return ClusterView.of(settings.gpus(), nodes, everybodysPods());
  }

  /// Pods of all namespaces, where we may see them; else our own.
  private List<JsonNode> everybodysPods() throws IOException, ClusterException {
    Map<String, String> atWork =
        Map.of("fieldSelector", "status.phase!=Succeeded,status.phase!=Failed");
    try {
      return cluster().list(new Kind("", "v1", "pods", false), atWork).items();
    } catch (ClusterException e) {
      if (e.code() != 403) {
        throw e;
      }
      return cluster().list(Kind.POD, atWork).items();
    }
  }

  private <T> Optional<T> fresh(@Nullable Remembered<T> remembered) {
    return remembered != null && clock.instant().isBefore(remembered.until())
        ? Optional.of(remembered.value())
        : Optional.empty();
  }

  /// Events about an object, newest last.
  List<JsonNode> events(String name) throws IOException, ClusterException {
    return cluster()
        .list(Kind.EVENT, Map.of("fieldSelector", "involvedObject.name=" + name))
        .items();
  }

  @Override
  public synchronized void close() {
    if (jobs != null) {
      jobs.close();
    }
    if (pods != null) {
      pods.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }
}

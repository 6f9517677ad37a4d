package io.tuneplane.backend.kubernetes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.RemoteRunners;
import io.tuneplane.config.ClusterSettings;
import io.tuneplane.config.ClusterSettings.Access;
import io.tuneplane.config.ClusterSettings.ControlPlane;
import io.tuneplane.config.ClusterSettings.Images;
import io.tuneplane.config.ClusterSettings.Queue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The runners of a real API server's simulated pods (`k8s/testbed`): they work in the run's folder
/// as long as their pod runs, and have it end as they ended.
final class RealNodes implements RemoteRunners, AutoCloseable {

  /// Where the kubeconfig of a test cluster is told.
  static final String KUBECONFIG = "TUNEPLANE_TEST_KUBECONFIG";

  private static final String NAMESPACE = "tuneplane-jobs";

  private final Path kubeconfig;
  private final Cluster cluster;
  private final Map<String, Admission> admitted = new HashMap<>();

  RealNodes() throws IOException {
    kubeconfig = Path.of(requireNonNull(System.getenv(KUBECONFIG), KUBECONFIG));
    cluster = Connector.connect(settings(Optional.empty()));
  }

  ClusterSettings settings(Optional<String> queue) {
    ClusterSettings none = ClusterSettings.NONE;
    return new ClusterSettings(
        Optional.of(NAMESPACE),
        new Access(Optional.of(kubeconfig), Optional.empty()),
        true,
        new Queue(queue, Optional.empty()),
        new Images(
            Optional.of("registry.example/trl:1"),
            Optional.empty(),
            Optional.of("registry.example/vllm:1"),
            Optional.empty()),
        Optional.of("models"),
        new ControlPlane(Optional.of(URI.create("https://127.0.0.1:8686")), Optional.empty()),
        none.times(),
        none.gpus(),
        none.serving());
  }

  @Override
  public synchronized String admit(Admission admission) {
    admitted.put(RunName.of(admission.mark()).value(), admission);
    return "token-of-" + admission.mark() + "-" + admission.round();
  }

  @Override
  public void ask(String mark, Wish wish) {
    // A simulated pod hears only what its cluster tells it.
  }

  @Override
  public void dismiss(String mark) {
    // Its folder stays known: it may be asked about again.
  }

  /// Lets every runner whose pod runs do one step.
  synchronized void tick() throws IOException, ClusterException {
    for (JsonNode pod : cluster.list(Kind.POD, Labels.OURS).items()) {
      Admission admission =
          admitted.get(pod.path("metadata").path("labels").path(Labels.RUN).asText());
      boolean works =
          Json.text(pod, "status", "phase").equals("Running")
              && Json.text(pod, "metadata", "deletionTimestamp").isEmpty()
              && pod.path("metadata").path("annotations").path(EXIT).isMissingNode();
      if (admission != null && works && new FakeNodes.FakeRunner(admission.folder()).step()) {
        end(pod, "0");
      }
    }
  }

  private static final String EXIT = "tuneplane.test/exit";

  /// Has a pod end.
  ///
  /// @param exit an exit code, or `OOMKilled`
  void end(JsonNode pod, String exit) throws IOException, ClusterException {
    ObjectNode change = Json.object();
    change.putObject("metadata").putObject("annotations").put(EXIT, exit);
    cluster.merge(Kind.POD, Json.text(pod, "metadata", "name"), change);
  }

  /// The pods of a run that have not ended.
  List<JsonNode> pods(String mark) throws IOException, ClusterException {
    return cluster.list(Kind.POD, Labels.RUN + "=" + RunName.of(mark).value()).items().stream()
        .filter(p -> Json.text(p, "status", "phase").equals("Running"))
        .toList();
  }

  /// The marks of the runs that have Jobs.
  List<String> marks() throws IOException, ClusterException {
    return cluster.list(Kind.JOB, Labels.OURS).items().stream()
        .map(j -> j.path("metadata").path("annotations").path(Labels.MARK).asText())
        .distinct()
        .toList();
  }

  Cluster cluster() {
    return cluster;
  }

  /// Takes away what a test has made.
  void clear() throws IOException, ClusterException {
    for (JsonNode job : cluster.list(Kind.JOB, Labels.OURS).items()) {
      cluster.delete(Kind.JOB, Json.text(job, "metadata", "name"));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      clear();
    } catch (ClusterException e) {
      throw new IOException(e);
    } finally {
      cluster.close();
    }
  }
}

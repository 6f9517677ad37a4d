package io.tuneplane.backend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong in a cluster, with the controllers of Kubernetes: want of memory, preemption,
/// and what the API server makes of our manifests.
@Tag("heavy")
@EnabledIfEnvironmentVariable(named = RealNodes.KUBECONFIG, matches = ".+")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RealClusterFaultsIT {

  private static final String MARK = "faults-1";

  @TempDir private Path directory;

  private RealNodes nodes;
  private ClusterPlace models;
  private KubernetesTraining backend;
  private RunHandle run;

  @BeforeEach
  void start() throws IOException {
    nodes = new RealNodes();
    models = new ClusterPlace(directory);
    backend =
        new KubernetesTraining(
            nodes.settings(Optional.empty()),
            directory.resolve("k"),
            models.bases(),
            nodes,
            InstantSource.system());
    run =
        backend.submit(
            models.spec(50),
            new SubmissionKey(MARK),
            TestClearances.onHardware(KubernetesTraining.NAME));
  }

  @AfterEach
  void stop() throws IOException {
    backend.close();
    models.close();
    nodes.close();
  }

  private RunState await(Predicate<RunState> wanted) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    RunState state = backend.observe(run, Cursor.START).state();
    while (!wanted.test(state)) {
      assertThat(System.nanoTime()).as("still %s: %s", state, words()).isLessThan(deadline);
      Thread.sleep(200);
      state = backend.observe(run, Cursor.START).state();
    }
    return state;
  }

  private void awaitWords(String part) throws Exception {
    await(_ -> words().contains(part));
  }

  private String words() {
    return backend.observe(run, Cursor.START).events().stream()
        .filter(TrainingEvent.Log.class::isInstance)
        .map(e -> ((TrainingEvent.Log) e).text())
        .collect(Collectors.joining("\n"));
  }

  private JsonNode runningPod() throws Exception {
    await(RunState.Running.class::isInstance);
    return nodes.pods(MARK).getFirst();
  }

  @Test
  void wantOfMemoryIsTriedOnceMore() throws Exception {
    nodes.end(runningPod(), "OOMKilled");
    awaitWords("starts again with half");
    JsonNode second = awaitAnother(1);

    nodes.end(second, "21");

    RunState.Failed failed = (RunState.Failed) await(RunState::ended);
    assertThat(failed.reason().code()).isEqualTo("out_of_memory");
  }

  private JsonNode awaitAnother(int before) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    List<JsonNode> running = nodes.pods(MARK);
    while (running.isEmpty()) {
      assertThat(System.nanoTime()).as("no pod after %d", before).isLessThan(deadline);
      Thread.sleep(200);
      running = nodes.pods(MARK);
    }
    return running.getFirst();
  }

  @Test
  void wrongInputEndsTheJobAtOnce() throws Exception {
    nodes.end(runningPod(), "10");

    RunState.Failed failed = (RunState.Failed) await(RunState::ended);
    assertThat(failed.reason().code()).isEqualTo("invalid_input");
    assertThat(failed.reason().retryable()).isFalse();
  }

  /// Every kind of object that we make, checked by the API server in a namespace that enforces
  /// `restricted`: what it would warn of or refuse fails here.
  @Test
  void theApiServerTakesEveryManifest() throws Exception {
    var settings = nodes.settings(Optional.of("tuneplane"));
    PodResources none = new PodResources(Optional.empty(), 0, 1, 1L << 30);
    TrainingJob gang =
        new TrainingJob("manifests", 1, 2, none, "registry.example/trl:1", List.of("x"), true);
    RunParts parts = new RunParts(gang.run(), gang.name(), "00000000-0000-0000-0000-000000000000");
    VllmServer server = new VllmServer("org/model", "d".repeat(64), settings.serving(), none);
    ServerSecrets secrets =
        ServerSecrets.make(
            server.name(), java.time.Instant.now(), new java.security.SecureRandom());

    accepted(Kind.JOB, gang.manifest(settings));
    accepted(Kind.SECRET, parts.secret("token", Optional.of("pem")));
    accepted(Kind.SERVICE, parts.service());
    accepted(
        Kind.NETWORK_POLICY,
        parts.networkPolicy(List.of(InetAddress.ofLiteral("192.0.2.7")), 8686));
    accepted(Kind.DEPLOYMENT, server.deployment(settings));
    accepted(Kind.SECRET, server.secret(secrets));
    accepted(Kind.SERVICE, server.service());
    accepted(Kind.NETWORK_POLICY, server.networkPolicy());
    accepted(Kind.DISRUPTION_BUDGET, server.disruptionBudget());
  }

  private void accepted(Kind kind, ObjectNode manifest) throws Exception {
    JsonNode answer = nodes.cluster().dryRun(kind, manifest);
    assertThat(answer.path("metadata").path("name"))
        .isEqualTo(manifest.path("metadata").path("name"));
  }
}

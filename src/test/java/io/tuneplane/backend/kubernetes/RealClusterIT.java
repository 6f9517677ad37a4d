package io.tuneplane.backend.kubernetes;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingBackendContract;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// The contract over a real API server, with the Job controller and the scheduler of Kubernetes and
/// simulated nodes: `.ci/k8s` starts it.
@Tag("heavy")
@EnabledIfEnvironmentVariable(named = RealNodes.KUBECONFIG, matches = ".+")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RealClusterIT extends TrainingBackendContract {

  @TempDir private Path directory;

  private @Nullable RealNodes nodes;
  private @Nullable ClusterPlace models;

  /// The suite opens a backend before anything of this class is run.
  private RealNodes nodes() throws IOException {
    RealNodes now = nodes;
    if (now == null) {
      now = new RealNodes();
      nodes = now;
    }
    return now;
  }

  /// Only its model and its data are used.
  private ClusterPlace models() throws IOException {
    ClusterPlace now = models;
    if (now == null) {
      now = new ClusterPlace(directory);
      models = now;
    }
    return now;
  }

  @AfterEach
  void clear() throws IOException {
    models().close();
    nodes().close();
  }

  @Override
  protected TrainingBackend open() throws IOException {
    return new KubernetesTraining(
        nodes().settings(java.util.Optional.empty()),
        directory.resolve("k"),
        models().bases(),
        nodes(),
        InstantSource.system());
  }

  @Override
  protected TrainingSpec spec() throws IOException {
    return models().spec(1);
  }

  @Override
  protected TrainingSpec longSpec() throws IOException {
    return models().spec(50);
  }

  @Override
  protected TrainingSpec refusedSpec() throws IOException {
    return models().spec(0);
  }

  @Override
  protected Clearance clearance(TrainingSpec spec) {
    return TestClearances.onHardware(KubernetesTraining.NAME);
  }

  @Override
  protected Clearance clearanceForAnotherPlace(TrainingSpec spec) {
    return TestClearances.onHardware("elsewhere");
  }

  @Override
  protected int runsStarted() throws Exception {
    return nodes().marks().size();
  }

  @Override
  protected void letTimePass() throws Exception {
    nodes().tick();
    Thread.sleep(100);
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    return Map.of(
        BackendException.RunLost.class,
        run ->
            Files.move(
                models().run(run.remoteId()).path(), directory.resolve("away-" + run.remoteId())));
  }
}

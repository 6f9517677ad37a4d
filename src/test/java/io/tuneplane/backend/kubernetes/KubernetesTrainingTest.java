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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The contract over an API server of our own, on which pods pretend to train.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KubernetesTrainingTest extends TrainingBackendContract {

  @TempDir private Path directory;

  private @Nullable ClusterPlace made;

  /// The suite opens a backend before anything of this class is run.
  private ClusterPlace place() throws IOException {
    ClusterPlace now = made;
    if (now == null) {
      now = new ClusterPlace(directory);
      made = now;
    }
    return now;
  }

  @AfterEach
  void closePlace() throws IOException {
    place().close();
  }

  @Override
  protected TrainingBackend open() throws IOException {
    return place().training();
  }

  @Override
  protected TrainingSpec spec() throws IOException {
    return place().spec(1);
  }

  @Override
  protected TrainingSpec longSpec() throws IOException {
    return place().spec(50);
  }

  @Override
  protected TrainingSpec refusedSpec() throws IOException {
    return place().spec(0);
  }

  @Override
  protected Clearance clearance(TrainingSpec spec) {
    return TestClearances.onHardware(KubernetesTraining.NAME);
  }

  @Override
  protected Clearance clearanceForAnotherPlace(TrainingSpec spec) {
    return TestClearances.onHardware("elsewhere");
  }

  /// A run that was paused goes on as a new Job: counted are runs, by their mark.
  @Override
  protected int runsStarted() throws IOException {
    return (int)
        place().cluster.list(FakeNodes.JOBS).stream()
            .map(j -> j.path("metadata").path("annotations").path(Labels.MARK).asText())
            .distinct()
            .count();
  }

  @Override
  protected void letTimePass() throws Exception {
    place().nodes.tick();
    Thread.sleep(10);
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    return Map.of(
        BackendException.RunLost.class,
        run ->
            Files.move(
                place().run(run.remoteId()).path(), directory.resolve("away-" + run.remoteId())),
        BackendException.Misunderstood.class,
        run ->
            Files.writeString(place().run(run.remoteId()).path().resolve("run.json"), "{\"half"));
  }
}

package io.tuneplane.backend.local;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract over real child processes that pretend to train.
class LocalTrainingIT extends TrainingBackendContract {

  @TempDir private Path directory;

  private LocalPlace place;

  @BeforeEach
  void makePlace() throws IOException {
    place = LocalPlace.create(directory);
  }

  @Override
  protected TrainingBackend open() throws IOException {
    return new LocalPlace(directory).scripted("");
  }

  @Override
  protected TrainingSpec spec() {
    return place.spec(1);
  }

  @Override
  protected TrainingSpec longSpec() {
    return place.spec(50);
  }

  @Override
  protected TrainingSpec refusedSpec() {
    return place.spec(0);
  }

  @Override
  protected Clearance clearance(TrainingSpec spec) {
    return TestClearances.onHardware(LocalTraining.NAME);
  }

  @Override
  protected Clearance clearanceForAnotherPlace(TrainingSpec spec) {
    return TestClearances.onHardware("elsewhere");
  }

  @Override
  protected int runsStarted() throws IOException {
    return place.runs();
  }

  @Override
  protected void letTimePass() throws InterruptedException {
    Thread.sleep(20);
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    return Map.of(
        BackendException.RunLost.class,
        run ->
            Files.move(
                place.run(run.remoteId()).path(), directory.resolve("away-" + run.remoteId())),
        BackendException.Misunderstood.class,
        run -> Files.writeString(place.run(run.remoteId()).path().resolve("run.json"), "{\"half"));
  }
}

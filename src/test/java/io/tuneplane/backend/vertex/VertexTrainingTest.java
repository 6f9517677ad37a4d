package io.tuneplane.backend.vertex;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingBackendContract;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.backend.vertex.VertexFake.Answer;
import io.tuneplane.backend.vertex.VertexFake.FakeScript;
import io.tuneplane.policy.Clearance;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract, held by Google's own clients against stand-ins on this machine.
class VertexTrainingTest extends TrainingBackendContract {

  @TempDir private Path directory;
  private @Nullable GooglePlace place;

  @BeforeEach
  void openPlace() throws Exception {
    place();
  }

  private GooglePlace place() throws Exception {
    if (place == null) {
      place = new GooglePlace(directory);
      place.vertex.strangersJob();
      place.vertex.strangersJob();
    }
    return place;
  }

  @AfterEach
  void closePlace() {
    if (place != null) {
      place.close();
    }
  }

  @Override
  protected TrainingBackend open() throws Exception {
    return place().training();
  }

  @Override
  protected TrainingSpec spec() throws Exception {
    place().vertex.nextJob(FakeScript.SUCCEEDS);
    return place().spec();
  }

  @Override
  protected TrainingSpec longSpec() throws Exception {
    place().vertex.nextJob(FakeScript.ENDLESS);
    return place().spec();
  }

  @Override
  protected TrainingSpec refusedSpec() throws Exception {
    TrainingSpec spec = place().spec();
    return new TrainingSpec(
        spec.baseModel(),
        spec.method(),
        spec.trainingFile(),
        spec.trainingDigest(),
        spec.validationFile(),
        GooglePlace.hyperparameters(3, 32),
        spec.seed(),
        spec.suffix(),
        spec.startFrom(),
        Set.of("batch_size"),
        spec.labels());
  }

  @Override
  protected Clearance clearance(TrainingSpec spec) {
    return GooglePlace.leave("vertex", spec.trainingDigest(), "training");
  }

  @Override
  protected Clearance clearanceForAnotherPlace(TrainingSpec spec) {
    return GooglePlace.leave("openai", spec.trainingDigest(), "training");
  }

  @Override
  protected int runsStarted() throws Exception {
    return place().vertex.jobs() - 2;
  }

  @Override
  protected void letTimePass() throws Exception {
    place().vertex.tick();
  }

  @Override
  protected boolean tellsMetrics() {
    return false;
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    Map<Class<? extends BackendException>, Fault> faults = new LinkedHashMap<>();
    faults.put(
        BackendException.Unavailable.class,
        _ -> place().vertex.plan("get", Answer.error(503, "UNAVAILABLE", "blip")));
    faults.put(
        BackendException.Exhausted.class,
        _ -> place().vertex.plan("get", Answer.error(429, "RESOURCE_EXHAUSTED", "quota")));
    faults.put(
        BackendException.Unauthorized.class,
        _ -> place().vertex.plan("get", Answer.error(403, "PERMISSION_DENIED", "no")));
    faults.put(
        BackendException.Misunderstood.class,
        _ -> place().vertex.plan("get", new Answer(200, "text/html", "<html>", Map.of())));
    faults.put(BackendException.RunLost.class, run -> place().vertex.forget(run.remoteId()));
    return faults;
  }
}

package io.tuneplane.backend.vertex;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.ServingBackend;
import io.tuneplane.backend.ServingBackendContract;
import io.tuneplane.backend.vertex.VertexFake.Answer;
import io.tuneplane.policy.Clearance;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// The contract, held by Google's own client against a stand-in on this machine.
class VertexServingTest extends ServingBackendContract {

  @TempDir private Path directory;
  private @Nullable GooglePlace place;

  private GooglePlace place() throws Exception {
    if (place == null) {
      place = new GooglePlace(directory);
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
  protected ServingBackend open() throws Exception {
    return place().serving();
  }

  @Override
  protected DeploymentSpec spec() {
    return new DeploymentSpec("gemini", GooglePlace.MODEL, Optional.empty(), Optional.empty());
  }

  @Override
  protected DeploymentSpec anotherSpec() {
    return new DeploymentSpec("lite", "gemini-3.5-flash-lite", Optional.empty(), Optional.empty());
  }

  @Override
  protected Optional<DeploymentSpec> refusedSpec() {
    return Optional.of(
        new DeploymentSpec("x", "smollm2-135m-instruct", Optional.empty(), Optional.empty()));
  }

  @Override
  protected Clearance clearance(DeploymentHandle deployment) {
    return GooglePlace.leave("vertex", deployment.remoteId(), "prompt");
  }

  @Override
  protected Clearance clearanceForAnotherPlace(DeploymentHandle deployment) {
    return GooglePlace.leave("openai", deployment.remoteId(), "prompt");
  }

  @Override
  protected void letTimePass() {}

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    Map<Class<? extends BackendException>, Fault> faults = new LinkedHashMap<>();
    plan(faults, BackendException.Unavailable.class, Answer.error(503, "UNAVAILABLE", "blip"));
    plan(faults, BackendException.Exhausted.class, Answer.error(429, "RESOURCE_EXHAUSTED", "q"));
    plan(faults, BackendException.Unauthorized.class, Answer.error(403, "PERMISSION_DENIED", "n"));
    plan(faults, BackendException.Rejected.class, Answer.error(400, "INVALID_ARGUMENT", "b"));
    plan(faults, BackendException.RunLost.class, Answer.error(404, "NOT_FOUND", "gone"));
    return faults;
  }

  private void plan(
      Map<Class<? extends BackendException>, Fault> faults,
      Class<? extends BackendException> error,
      Answer answer) {
    faults.put(error, _ -> place().vertex.plan("chat", answer));
  }
}

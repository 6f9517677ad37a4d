package io.tuneplane.backend;

import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.TestClearances;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

class FakeServingBackendTest extends ServingBackendContract {

  private static final String NAME = "fake";

  private final FakePlace place = new FakePlace(Instant.parse("2026-11-24T00:00:00Z"));

  @Override
  protected ServingBackend open() {
    return FakeBackend.of(NAME, Location.THIRD_PARTY, place);
  }

  @Override
  protected DeploymentSpec spec() {
    return new DeploymentSpec("ft:tiny:default::1", "tiny", Optional.empty(), Optional.empty());
  }

  @Override
  protected DeploymentSpec anotherSpec() {
    return new DeploymentSpec("ft:tiny:default::2", "tiny", Optional.empty(), Optional.empty());
  }

  @Override
  protected Optional<DeploymentSpec> refusedSpec() {
    return Optional.empty();
  }

  @Override
  protected Clearance clearance(DeploymentHandle deployment) {
    return TestClearances.egress(
        NAME, deployment.remoteId(), "prompt", place.instant().plusSeconds(300));
  }

  @Override
  protected Clearance clearanceForAnotherPlace(DeploymentHandle deployment) {
    return TestClearances.egress(
        "elsewhere", deployment.remoteId(), "prompt", place.instant().plusSeconds(300));
  }

  @Override
  protected void letTimePass() {
    place.advance(Duration.ofSeconds(1));
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    return Map.of(
        BackendException.Exhausted.class,
        _ ->
            place.failNext(
                "chat",
                new BackendException.Exhausted(
                    NAME, "chat", "429", Optional.of(Duration.ofSeconds(7)))));
  }
}

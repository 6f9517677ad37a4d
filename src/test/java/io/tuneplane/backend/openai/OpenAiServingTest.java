package io.tuneplane.backend.openai;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.ServingBackend;
import io.tuneplane.backend.ServingBackendContract;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class OpenAiServingTest extends ServingBackendContract {

  private static final String CHAT = "POST /chat/completions";

  @TempDir Path directory;
  private @Nullable OpenAiPlace opened;

  @AfterEach
  void closePlace() {
    place().close();
  }

  @Override
  protected ServingBackend open() throws IOException {
    if (opened == null) {
      opened = new OpenAiPlace(directory);
    }
    return opened.serving();
  }

  @Override
  protected DeploymentSpec spec() {
    return base(OpenAiPlace.MODEL);
  }

  @Override
  protected DeploymentSpec anotherSpec() {
    return base("gpt-4.1-mini-2025-04-14");
  }

  @Override
  protected Optional<DeploymentSpec> refusedSpec() {
    return Optional.of(
        new DeploymentSpec(
            OpenAiPlace.MODEL, OpenAiPlace.MODEL, Optional.empty(), Optional.of("int8")));
  }

  private static DeploymentSpec base(String model) {
    return new DeploymentSpec(model, model, Optional.empty(), Optional.empty());
  }

  @Override
  protected Clearance clearance(DeploymentHandle deployment) {
    return TestClearances.egress(
        "openai", deployment.remoteId(), "prompt", place().host.instant().plusSeconds(300));
  }

  @Override
  protected Clearance clearanceForAnotherPlace(DeploymentHandle deployment) {
    return TestClearances.egress(
        "vertex", deployment.remoteId(), "prompt", place().host.instant().plusSeconds(300));
  }

  @Override
  protected void letTimePass() {
    place().host.advance(Duration.ofSeconds(1));
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    return Map.of(
        BackendException.Exhausted.class,
        _ -> place().host.fault(CHAT, instead(429, "rate_limit_exceeded")),
        BackendException.Unavailable.class,
        _ -> place().host.fault(CHAT, instead(503, "overloaded")),
        BackendException.Unauthorized.class,
        _ -> place().host.fault(CHAT, instead(401, "invalid_api_key")),
        BackendException.Rejected.class,
        _ -> place().host.fault(CHAT, instead(400, "context_length_exceeded")));
  }

  private static FakeFault instead(int status, String code) {
    return new FakeFault.Instead(FakeAnswer.error(status, code, "no"));
  }

  /// Opened by the suite before each test.
  private OpenAiPlace place() {
    return Objects.requireNonNull(opened);
  }
}

package io.tuneplane.backend.openai;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.TestSpecs;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingBackendContract;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class OpenAiTrainingTest extends TrainingBackendContract {

  @TempDir Path directory;
  private @Nullable OpenAiPlace opened;

  @AfterEach
  void closePlace() {
    place().close();
  }

  @Override
  protected TrainingBackend open() throws IOException {
    if (opened == null) {
      opened = new OpenAiPlace(directory);
    }
    return opened.training();
  }

  @Override
  protected TrainingSpec spec() throws IOException {
    return place().spec();
  }

  @Override
  protected TrainingSpec longSpec() throws IOException {
    place().host.nextJobHas(1_000_000);
    return place().spec();
  }

  @Override
  protected TrainingSpec refusedSpec() throws IOException {
    return place().spec(Method.SUPERVISED, TestSpecs.hyperparameters(51));
  }

  @Override
  protected Clearance clearance(TrainingSpec spec) {
    return TestClearances.egress(
        "openai", spec.trainingDigest(), "training", place().host.instant().plusSeconds(3600));
  }

  @Override
  protected Clearance clearanceForAnotherPlace(TrainingSpec spec) {
    return TestClearances.egress(
        "vertex", spec.trainingDigest(), "training", place().host.instant().plusSeconds(3600));
  }

  @Override
  protected int runsStarted() {
    return place().host.created();
  }

  @Override
  protected void letTimePass() {
    place().host.advance(Duration.ofSeconds(1));
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    String look = "GET /fine_tuning/jobs/[^/]+";
    return Map.of(
        BackendException.Unavailable.class,
        _ -> place().host.fault(look, instead(FakeAnswer.error(503, null, "overloaded"))),
        BackendException.Exhausted.class,
        _ ->
            place().host.fault(look, instead(FakeAnswer.error(429, "rate_limit_exceeded", "slow"))),
        BackendException.Unauthorized.class,
        _ -> place().host.fault(look, instead(FakeAnswer.error(401, "invalid_api_key", "no"))),
        BackendException.Misunderstood.class,
        _ -> place().host.fault(look, instead(FakeAnswer.text(200, "<html>"))),
        BackendException.RunLost.class,
        run -> place().host.forget(run.remoteId()));
  }

  private static FakeFault instead(FakeAnswer answer) {
    return new FakeFault.Instead(answer);
  }

  /// Opened by the suite before each test.
  private OpenAiPlace place() {
    return Objects.requireNonNull(opened);
  }
}

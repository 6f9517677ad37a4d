package io.tuneplane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Location;
import io.tuneplane.policy.TestClearances;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakeTrainingBackendTest extends TrainingBackendContract {

  private static final String NAME = "fake";

  private final FakePlace place = new FakePlace(Instant.parse("2026-11-24T00:00:00Z"));

  @Override
  protected TrainingBackend open() {
    return FakeBackend.of(NAME, Location.ON_PREM, place);
  }

  @Override
  protected TrainingSpec spec() {
    place.pageSize(2);
    return TestSpecs.training();
  }

  @Override
  protected TrainingSpec longSpec() {
    place.nextRun(FakeScript.ENDLESS);
    return TestSpecs.training();
  }

  @Override
  protected TrainingSpec refusedSpec() {
    return TestSpecs.training(TestSpecs.hyperparameters(0));
  }

  @Override
  protected Clearance clearance(TrainingSpec spec) {
    return TestClearances.egress(
        NAME, spec.trainingDigest(), "training", place.instant().plusSeconds(60));
  }

  @Override
  protected Clearance clearanceForAnotherPlace(TrainingSpec spec) {
    return TestClearances.onHardware("elsewhere");
  }

  @Override
  protected int runsStarted() {
    return place.runs();
  }

  @Override
  protected void letTimePass() {
    place.advance(Duration.ofSeconds(1));
  }

  @Override
  protected Map<Class<? extends BackendException>, Fault> faults() {
    return Map.of(
        BackendException.Unavailable.class,
        _ -> place.failNext("observe", new BackendException.Unavailable(NAME, "observe", "503")),
        BackendException.RunLost.class,
        place::forget);
  }

  @Test
  void aSubmitWhoseAnswerWasLostIsFoundAgain() {
    place.loseNextAnswer("submit");
    SubmissionKey key = new SubmissionKey("lost-answer");
    TrainingSpec spec = spec();
    try (FakeBackend backend = FakeBackend.of(NAME, Location.ON_PREM, place)) {
      assertThatThrownBy(() -> backend.submit(spec, key, clearance(spec)))
          .isInstanceOf(BackendException.OutcomeUnknown.class);

      RunHandle found = backend.submit(spec, key, clearance(spec));

      assertThat(found.remoteId()).isEqualTo("lost-answer");
      assertThat(place.runs()).isEqualTo(1);
    }
  }
}

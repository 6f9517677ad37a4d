package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.Method;
import io.tuneplane.backend.TestSpecs;
import io.tuneplane.cost.Measurements;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeasuredSpeedsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @Test
  void jobsOfOnePlaceAndModelAreWeighedByTheirTime() {
    Measurements measured =
        MeasuredSpeeds.of(List.of(done("tiny", 3000, 10), done("tiny", 1000, 10)));

    assertThat(tiny(measured).training().orElseThrow()).isEqualByComparingTo("200.0");
    assertThat(tiny(measured).source()).isEqualTo("the last 2 jobs");
  }

  @Test
  void onlyTheNewestTenCount() {
    List<Job> jobs = new java.util.ArrayList<>();
    for (int i = 0; i < 10; i++) {
      jobs.add(done("tiny", 1000, 10));
    }
    jobs.add(done("tiny", 1_000_000, 1));

    assertThat(tiny(MeasuredSpeeds.of(jobs)).training().orElseThrow())
        .isEqualByComparingTo("100.0");
  }

  @Test
  void aJobThatHasNoResultSaysNothing() {
    assertThat(MeasuredSpeeds.of(List.of(asked())).byOffer()).isEmpty();
  }

  private static Measurements.Speeds tiny(Measurements measured) {
    return Objects.requireNonNull(measured.byOffer().get("local/tiny"));
  }

  private static Job done(String model, long tokens, double seconds) {
    return asked()
        .planned(
            new JobPlan(
                "decision-1",
                "local",
                model,
                Optional.empty(),
                TestSpecs.hyperparameters(1),
                7,
                Set.of(),
                true,
                new JobPlan.CheckedData(Path.of("train.jsonl"), "ab", 10, 100, Optional.empty(), 0),
                new JobCost(100, Optional.empty(), Optional.empty()),
                JobPlan.Billing.HOURS))
        .succeeded(
            new JobResult("ft:tiny:default::abcd1234", tokens, seconds, "equal", List.of()), NOW);
  }

  private static Job asked() {
    return Job.asked(
        "ftjob-a",
        "default",
        "key-1",
        new JobRequest(
            new JobRequest.ModelRequest(
                Optional.of("tiny"),
                Optional.empty(),
                Method.SUPERVISED,
                HyperparameterChoices.AUTO,
                Optional.empty(),
                Optional.empty()),
            "train.jsonl",
            Optional.empty(),
            JobRequest.Placement.ANYWHERE,
            Map.of()),
        NOW);
  }
}

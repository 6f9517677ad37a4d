package io.tuneplane.job;

import io.tuneplane.backend.TestSpecs;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Plans for the first of some places that is not closed for the job. Every job costs 3 dollars.
final class SimPlanner implements JobPlanner {

  private final List<String> places;
  private final Runnable atCall;

  SimPlanner(List<String> places, Runnable atCall) {
    this.places = List.copyOf(places);
    this.atCall = atCall;
  }

  @Override
  public boolean knows(String organisation, String model) {
    return !model.equals("gpt-9");
  }

  @Override
  public Planned plan(Job job) {
    atCall.run();
    JobRequest.Placement wanted = job.request().placement();
    String place =
        places.stream()
            .filter(p -> wanted.auto() || wanted.backend().equals(p))
            .filter(p -> !job.course().closed().containsKey(p))
            .findFirst()
            .orElseThrow(
                () -> new JobFailedException(JobError.of("no_place", "no place takes this job")));
    JobPlan plan =
        new JobPlan(
            "decision-1",
            place,
            "tiny",
            Optional.empty(),
            TestSpecs.hyperparameters(1),
            7,
            Set.of("hipaa"),
            true,
            new JobPlan.CheckedData(Path.of("train.jsonl"), "ab", 10, 2000, Optional.empty(), 0),
            new JobCost(6000, Optional.of(new BigDecimal("0.01")), Optional.of("3.00")),
            JobPlan.Billing.TOKENS);
    return new Planned(plan, List.of("Chosen: " + place));
  }

  @Override
  public Clearance clearance(Job job, JobPlan plan) {
    return TestClearances.onHardware(plan.backend());
  }

  @Override
  public Path kept(Path inPlan) {
    return inPlan;
  }
}

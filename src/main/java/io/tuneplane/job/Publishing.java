package io.tuneplane.job;

import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.Usage;
import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobRun.RunOutcome;
import io.tuneplane.job.JobState.JobError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lets the result out. Pure.
final class Publishing {

  private Publishing() {}

  /// The tuned model's name, fixed by the job: however often the last steps are repeated, there is
  /// one.
  static TunedModelName name(Job job) {
    String id = job.id().substring(job.id().length() - TunedModelName.ID_LENGTH);
    return TunedModelName.of(
        job.plan().orElseThrow().model(), job.organisation(), job.request().model().suffix(), id);
  }

  static Step gated(Job job, GateResult gate, Instant now) {
    if (!gate.passed()) {
      return Endings.failed(
          job,
          JobError.of(
              "gate_failed",
              "the tuned model does not answer as it did in training, so it was not let out: "
                  + gate.summary()),
          now);
    }
    JobRun run = job.run().orElseThrow();
    RunOutcome left = run.outcome().orElseThrow();
    RunOutcome passed = new RunOutcome(left.model(), left.usage(), Optional.of(gate.summary()));
    return Step.to(job.running(run.left(passed)).in(JobPhase.PUBLISHING, now));
  }

  static Step published(Job job, Outcome.Published published, Instant now) {
    RunOutcome left = job.run().orElseThrow().outcome().orElseThrow();
    Usage usage = left.usage();
    String name = name(job).toString();
    String gate = left.gate().orElse("");
    JobResult result =
        new JobResult(
            name,
            usage.trainedTokens(),
            usage.wallTime().toMillis() / 1000.0,
            gate,
            published.resultFiles());
    List<TunedModel> models = new ArrayList<>();
    models.add(tuned(job, name, published.model(), now));
    published
        .checkpoints()
        .forEach(
            (step, model) -> models.add(tuned(job, name(job).atStep(step).toString(), model, now)));
    Job ended = job.succeeded(result, now);
    return Step.to(ended)
        .publish(models)
        .spend(Endings.settled(ended))
        .say(Level.INFO, "New fine-tuned model created: " + name)
        .say(Level.INFO, "The job has been completed: " + name + "; " + gate);
  }

  private static TunedModel tuned(Job job, String name, TrainedModel trained, Instant now) {
    JobPlan plan = job.plan().orElseThrow();
    return new TunedModel(
        name,
        job.organisation(),
        plan.model(),
        plan.backend(),
        job.request().model().method(),
        job.id(),
        now,
        trained,
        plan.flags());
  }
}

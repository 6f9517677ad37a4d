package io.tuneplane.job;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.ServingBackend;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.job.JobEvent.Level;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.PolicyRefusedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes one job from where it stands to its end: checks and plans it, submits it, watches it, and
/// lets the result out through the gate. Every step is stored before the next; started again after
/// a crash, it goes on from the last one.
public final class JobWorker implements Runnable {

  /// What a worker needs of its surroundings.
  public record Surroundings(
      JobPlanner planner,
      Places places,
      TunedModels models,
      RandomGenerator random,
      InstantSource clock,
      Pause pause) {}

  private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);

  private static final Duration SLICE = Duration.ofMillis(250);

  private final JobLog log;
  private final Surroundings around;
  private final RetryPolicy retries;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final AtomicBoolean stopped = new AtomicBoolean();

  JobWorker(JobLog log, Surroundings around) {
    this.log = log;
    this.around = around;
    this.retries = new RetryPolicy(around.random());
  }

  /// Asks the job to end at the next look.
  void cancel() {
    cancelled.set(true);
  }

  /// Asks the worker to stop at the next look, and leave the run to whoever resumes the job. Not an
  /// interrupt, which would tear a file that is being written.
  void stop() {
    stopped.set(true);
  }

  @Override
  public void run() {
    try {
      Job job = log.job();
      if (job.plan().isEmpty()) {
        job = planned(job);
      }
      if (!job.state().status().ended()) {
        watch(submitted(job));
      }
    } catch (JobFailedException e) {
      fail(e.error());
    } catch (PolicyRefusedException e) {
      fail(new JobError("refused", String.valueOf(e.getMessage()), Optional.empty()));
    } catch (InterruptedException e) {
      LOG.debug("job {} is left where it is: {}", log.job().id(), e.getMessage());
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // A bug, or a disk that is full: the job must not look alive, and the stack must not be lost.
      LOG.error("job {} failed", log.job().id(), e);
      fail(new JobError("internal_error", e.toString(), Optional.empty()));
    }
  }

  private Job planned(Job job) {
    JobPlanner.Planned planned = around.planner().plan(job);
    List<Draft> words = new ArrayList<>();
    planned.words().forEach(w -> words.add(new Draft(JobEvent.Type.MESSAGE, Level.INFO, w)));
    return log.save(
        job.planned(planned.plan())
            .with(JobState.in(JobPhase.SUBMITTING, around.clock().instant())),
        words);
  }

  private Job submitted(Job job) throws InterruptedException {
    JobPlan plan = job.plan().orElseThrow();
    TrainingBackend place = place(plan);
    Clearance clearance = around.planner().clearance(job, plan);
    TrainingSpec spec = spec(job, plan);
    SubmissionKey key = new SubmissionKey(job.mark());
    // Also for a job that was submitted before: the same mark never starts a second run, and lets
    // an interrupted one go on.
    RunHandle handle = retried(() -> place.submit(spec, key, clearance));
    Cursor cursor = job.run().map(JobRun::cursor).orElse(Cursor.START);
    long step = job.run().map(JobRun::step).orElse(0L);
    long total = job.run().map(JobRun::totalSteps).orElse(0L);
    return log.save(
        job.running(run(handle, cursor, step, total))
            .with(JobState.in(JobPhase.QUEUED, around.clock().instant())));
  }

  private static JobRun run(RunHandle handle, Cursor cursor, long step, long total) {
    return new JobRun(handle, cursor, step, total, 0, List.of(), Optional.empty());
  }

  private TrainingSpec spec(Job job, JobPlan plan) {
    return new TrainingSpec(
        plan.model(),
        job.request().model().method(),
        plan.data().training(),
        plan.data().digest(),
        plan.data().validation(),
        plan.hyperparameters(),
        plan.seed(),
        job.request().model().suffix(),
        plan.startFrom().map(name -> startingPoint(job, name)),
        automatic(job.request()),
        labels(job.request().metadata()));
  }

  private static Set<String> automatic(JobRequest request) {
    return request.model().hyperparameters().automatic();
  }

  /// What is ours is said to us, and goes no further.
  private static Map<String, String> labels(Map<String, String> metadata) {
    Map<String, String> labels = new TreeMap<>(metadata);
    labels.keySet().removeIf(key -> key.startsWith("tuneplane."));
    return labels;
  }

  private TrainedModel startingPoint(Job job, String name) {
    return around
        .models()
        .find(job.organisation(), name)
        .map(TunedModel::trained)
        .orElseThrow(() -> failure("invalid_model", "the tuned model " + name + " is gone"));
  }

  private void watch(Job started) throws InterruptedException {
    TrainingBackend place = place(started.plan().orElseThrow());
    Job job = started;
    while (!job.state().status().ended()) {
      goOn();
      JobRun run = job.run().orElseThrow();
      if (cancelled.get()) {
        place.cancel(run.handle());
      }
      Progress progress = retried(() -> place.observe(run.handle(), run.cursor()));
      job = log.save(advanced(job, progress), progress.events().stream().map(Draft::of).toList());
      if (progress.state().ended() && !progress.events().isEmpty()) {
        // The end may be known before the last page of what led there.
        continue;
      }
      switch (progress.state()) {
        case RunState.Queued _, RunState.Running _, RunState.Paused _ -> pause(pollAfter(progress));
        case RunState.Succeeded succeeded -> job = finished(job, succeeded);
        case RunState.Failed failed ->
            throw new JobFailedException(
                new JobError(failed.reason().code(), failed.reason().message(), Optional.empty()));
        case RunState.Cancelled _ ->
            job =
                log.save(
                    job.with(job.state().ended(JobStatus.CANCELLED, around.clock().instant())),
                    Level.INFO,
                    "The job was cancelled");
      }
    }
  }

  private void goOn() throws InterruptedException {
    if (stopped.get()) {
      throw new InterruptedException("told to stop; the run goes on");
    }
  }

  /// Waits in slices, so that a long wait can be stopped.
  private void pause(Duration time) throws InterruptedException {
    Duration left = time;
    while (left.isPositive()) {
      goOn();
      Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
      around.pause().of(slice);
      left = left.minus(slice);
    }
  }

  private Duration pollAfter(Progress progress) {
    return cancelled.get() ? Duration.ofMillis(50) : progress.pollAfter();
  }

  private Job advanced(Job job, Progress progress) {
    JobRun run = job.run().orElseThrow();
    long step = run.step();
    long total = run.totalSteps();
    for (TrainingEvent event : progress.events()) {
      if (event instanceof TrainingEvent.Metrics metrics) {
        step = Math.max(step, metrics.step());
        total = metrics.totalSteps();
      }
    }
    Job at = job.running(run(run.handle(), progress.next(), step, total));
    return at.with(state(job.state(), progress));
  }

  private JobState state(JobState before, Progress progress) {
    var now = around.clock().instant();
    JobState after =
        switch (progress.state()) {
          case RunState.Queued _ -> JobState.in(JobPhase.QUEUED, now);
          case RunState.Paused _ -> JobState.in(JobPhase.PAUSED, now);
          case RunState.Running _ -> JobState.in(JobPhase.TRAINING, now);
          case RunState.Succeeded _ -> JobState.in(JobPhase.GATING, now);
          case RunState.Failed _, RunState.Cancelled _ -> before;
        };
    return progress.events().isEmpty() && after.phase().equals(before.phase()) ? before : after;
  }

  private Job finished(Job job, RunState.Succeeded succeeded) throws InterruptedException {
    JobPlan plan = job.plan().orElseThrow();
    ServingBackend place =
        around
            .places()
            .serving(plan.backend())
            .orElseThrow(() -> failure("not_served", plan.backend() + " can't serve the result"));
    TunedModelName name =
        TunedModelName.fresh(
            plan.model(), job.organisation(), job.request().model().suffix(), around.random());
    DeploymentSpec deployment =
        new DeploymentSpec(
            name.toString(), plan.model(), Optional.of(succeeded.model()), Optional.empty());
    GateResult gate = retried(() -> place.gate(deployment));
    if (!gate.passed()) {
      throw failure(
          "gate_failed",
          "the tuned model does not answer as it did in training, so it was not let out: "
              + gate.summary());
    }
    around.models().save(tuned(job, plan, name, kept(name, succeeded.model())));
    JobResult result =
        new JobResult(
            name.toString(),
            succeeded.usage().trainedTokens(),
            succeeded.usage().wallTime().toMillis() / 1000.0,
            gate.summary(),
            List.of());
    return log.save(
        job.succeeded(result, around.clock().instant()),
        Level.INFO,
        "The job has been completed: " + name + "; " + gate.summary());
  }

  private TrainedModel kept(TunedModelName name, TrainedModel trained) {
    return new TrainedModel(
        trained.remoteName(),
        trained.adapter().map(adapter -> around.models().keep(name.id(), adapter)),
        trained.golden(),
        trained.baseDigest());
  }

  private TunedModel tuned(Job job, JobPlan plan, TunedModelName name, TrainedModel trained) {
    return new TunedModel(
        name.toString(),
        job.organisation(),
        plan.model(),
        plan.backend(),
        job.request().model().method(),
        job.id(),
        around.clock().instant(),
        trained,
        plan.flags());
  }

  private TrainingBackend place(JobPlan plan) {
    return around
        .places()
        .training(plan.backend())
        .orElseThrow(() -> failure("no_place", plan.backend() + " is not set up any more"));
  }

  private <T> T retried(Supplier<T> call) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (BackendException e) {
        switch (retries.next(e, attempt)) {
          case Next.Reconcile again -> waitFor(new Next.Retry(again.after(), again.why()));
          case Next.Elsewhere away -> throw failure("training_not_available", away.words());
          case Next.Retry retry -> waitFor(retry);
          case Next.Pause pause -> throw failure("needs_operator", pause.why().words());
          case Next.Fail fail -> throw new JobFailedException(fail.error());
        }
      }
    }
  }

  private void waitFor(Next.Retry retry) throws InterruptedException {
    log.save(
        log.job().with(log.job().state().because(retry.why())),
        Level.WARN,
        "Waiting %d s, then trying again: %s"
            .formatted(retry.after().toSeconds(), retry.why().words()));
    pause(retry.after());
  }

  private static JobFailedException failure(String code, String message) {
    return new JobFailedException(new JobError(code, message, Optional.empty()));
  }

  private void fail(JobError error) {
    Job job = log.job();
    log.save(
        job.with(job.state().failed(error, around.clock().instant())),
        Level.ERROR,
        "The job failed: " + error.message());
  }
}

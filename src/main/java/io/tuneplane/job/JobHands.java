package io.tuneplane.job;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.ServingBackend;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.PolicyRefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries acts out: the only part of a job's life that reaches outside. Safe for many threads.
final class JobHands {

  private static final Logger LOG = LoggerFactory.getLogger(JobHands.class);

  private final JobPlanner planner;
  private final Places places;
  private final TunedModels models;
  private final Results results;
  private final Optional<String> host;

  /// @param host this host, for jobs whose place is this machine
  JobHands(
      JobPlanner planner,
      Places places,
      TunedModels models,
      Results results,
      Optional<String> host) {
    this.planner = planner;
    this.places = places;
    this.models = models;
    this.results = results;
    this.host = host;
  }

  /// Carries an act out. Whatever goes wrong is an outcome too.
  Outcome perform(Job job, Act act) {
    try {
      return outcome(job, act);
    } catch (BackendException e) {
      LOG.debug("{}: {}", job.id(), e.getMessage());
      return new Outcome.Failed(e);
    } catch (StorageException e) {
      // The store is away, and no fault of the job: whoever comes next takes this step.
      throw e;
    } catch (JobFailedException e) {
      return new Outcome.Refused(e.error());
    } catch (PolicyRefusedException e) {
      return new Outcome.Refused(JobError.of("refused", String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      // A bug, or a disk that is full: the job is told, and the stack must not be lost.
      LOG.error("{}: {} broke", job.id(), act, e);
      return new Outcome.Broken(e.toString());
    }
  }

  private Outcome outcome(Job job, Act act) {
    return switch (act) {
      case Act.Plan _ -> planned(planner.plan(job));
      case Act.Submit _ -> new Outcome.Submitted(submit(job));
      case Act.Find _ -> {
        TrainingBackend place = place(job, "find");
        yield new Outcome.Looked(
            place.find(new SubmissionKey(job.mark())), place.consistencyWindow());
      }
      case Act.Observe(RunHandle run, var since) ->
          new Outcome.Seen(place(job, "observe").observe(run, since));
      case Act.Tell(RunHandle run, JobCourse.Wanted wanted) -> {
        tell(place(job, "tell"), run, wanted);
        yield new Outcome.Told();
      }
      case Act.Gate _ -> new Outcome.Gated(serving(job).gate(deployment(job)));
      case Act.Publish _ -> results.publish(job);
      case Act.Nothing _, Act.Wait _, Act.Turn _ ->
          throw new IllegalArgumentException("nothing to carry out: " + act);
    };
  }

  private Outcome planned(JobPlanner.Planned planned) {
    boolean here = planned.plan().backend().equals(Places.HERE);
    return new Outcome.Planned(planned, here ? host : Optional.empty());
  }

  private RunHandle submit(Job job) {
    JobPlan plan = job.plan().orElseThrow();
    TrainingBackend place = place(job, "submit");
    Clearance clearance = planner.clearance(job, plan);
    return place.submit(spec(job, plan), new SubmissionKey(job.mark()), clearance);
  }

  private TrainingSpec spec(Job job, JobPlan plan) {
    JobRequest.ModelRequest model = job.request().model();
    return new TrainingSpec(
        plan.model(),
        model.method(),
        planner.kept(plan.data().training()),
        plan.data().digest(),
        plan.data().validation().map(planner::kept),
        plan.hyperparameters(),
        plan.seed(),
        model.suffix(),
        plan.startFrom().map(name -> startingPoint(job, name)),
        model.hyperparameters().automatic(),
        labels(job.request().metadata()),
        job.request().placement().hardware());
  }

  private TrainedModel startingPoint(Job job, String name) {
    return models
        .find(job.organisation(), name)
        .map(TunedModel::trained)
        .orElseThrow(() ->
            new JobFailedException(
                JobError.of("invalid_model", "the tuned model " + name + " is gone")));
  }

  /// What is ours is said to us, and goes no further.
  private static Map<String, String> labels(Map<String, String> metadata) {
    Map<String, String> labels = new TreeMap<>(metadata);
    labels.keySet().removeIf(key -> key.startsWith("tuneplane."));
    return labels;
  }

  private static void tell(TrainingBackend place, RunHandle run, JobCourse.Wanted wanted) {
    switch (wanted) {
      case RUN -> place.resume(run);
      case PAUSE -> place.pause(run);
      case CANCEL -> place.cancel(run);
    }
  }

  private static DeploymentSpec deployment(Job job) {
    return new DeploymentSpec(
        Publishing.name(job).toString(),
        job.plan().orElseThrow().model(),
        Optional.of(job.run().orElseThrow().outcome().orElseThrow().model()),
        Optional.empty());
  }

  /// A place that was taken out of the settings may have a run of ours: somebody must act.
  private TrainingBackend place(Job job, String operation) {
    String name = job.plan().orElseThrow().backend();
    return places
        .training(name)
        .orElseThrow(
            () -> new BackendException.Unauthorized(name, operation, "is not set up any more"));
  }

  private ServingBackend serving(Job job) {
    String name = job.plan().orElseThrow().backend();
    return places
        .serving(name)
        .orElseThrow(() ->
            new JobFailedException(JobError.of("not_served", name + " can't serve the result")));
  }
}

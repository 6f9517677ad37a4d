package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobCost;
import io.tuneplane.job.JobPhase;
import io.tuneplane.job.JobPlan;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobResult;
import io.tuneplane.job.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A job, in the shape of OpenAI's `fine_tuning.job`, and what is ours in one extra object. Times
/// are Unix seconds.
///
/// @param hyperparameters as they were asked for, or `auto`; what came of `auto` is in `tuneplane`
/// @param method the method and its hyperparameters, as newer clients read them
/// @param integrations always none
/// @param estimatedFinish null: nobody promises a time
/// @param trainedTokens null until the job has succeeded
public record FineTuningJob(
    String id,
    String object,
    long createdAt,
    Optional<JobError> error,
    Optional<String> fineTunedModel,
    Optional<Long> finishedAt,
    JsonNode hyperparameters,
    String model,
    String organizationId,
    List<String> resultFiles,
    long seed,
    String status,
    Optional<Long> trainedTokens,
    String trainingFile,
    Optional<String> validationFile,
    JsonNode method,
    List<String> integrations,
    Optional<Long> estimatedFinish,
    Map<String, String> metadata,
    Extra tuneplane) {

  /// Why a job failed.
  ///
  /// @param code a stable word for programs
  /// @param message what happened and what to do
  /// @param param the field that it is about
  public record JobError(String code, String message, Optional<String> param) {}

  /// What is ours.
  ///
  /// @param phase what is being done, more finely than the status says
  /// @param paused whether it waits to be resumed
  /// @param reason why it waits, for people
  /// @param reasonCode the same for programs
  /// @param backend where it runs
  /// @param decisionId the decision that chose the place; `decide --replay` shows it
  /// @param lastProgressAt when something was last heard of it, Unix seconds
  /// @param budget the most it may cost, in US dollars
  /// @param step the last optimiser step
  /// @param totalSteps how many there will be
  /// @param examples how many examples it trains on
  /// @param examplesLeftOut how many invalid ones were left out
  /// @param datasetDigest SHA-256 of the training data
  /// @param predicted what the run was expected to need
  /// @param actual what it has used so far, or in the end
  /// @param gate what the gate measured
  /// @param resolvedHyperparameters none left `auto`
  /// @param warning what people should be told of its model's end, from 180 days before it on
  public record Extra(
      String phase,
      boolean paused,
      Optional<String> reason,
      Optional<String> reasonCode,
      Optional<String> backend,
      Optional<String> decisionId,
      long lastProgressAt,
      Optional<String> budget,
      Optional<Long> step,
      Optional<Long> totalSteps,
      Optional<Long> examples,
      Optional<Long> examplesLeftOut,
      Optional<String> datasetDigest,
      Optional<JobCost> predicted,
      Optional<JobCost> actual,
      Optional<String> gate,
      Optional<Hyperparameters> resolvedHyperparameters,
      Optional<String> warning) {}

  /// The job as callers see it.
  ///
  /// @param warning what is to be said of its model's end
  public static FineTuningJob of(Job job, Optional<String> warning) {
    JobRequest request = job.request();
    HyperparameterChoices choices = request.model().hyperparameters();
    return new FineTuningJob(
        job.id(),
        "fine_tuning.job",
        job.createdAt().getEpochSecond(),
        job.state().error().map(e -> new JobError(e.code(), e.message(), e.param())),
        job.result().map(JobResult::tunedModel),
        job.state().finishedAt().map(Instant::getEpochSecond),
        JobMethod.hyperparameters(request.model().method(), choices),
        job.plan().map(JobPlan::model).or(() -> request.model().name()).orElse(""),
        job.organisation(),
        job.result().map(JobResult::resultFiles).orElse(List.of()),
        job.plan().map(JobPlan::seed).or(() -> request.model().seed()).orElse(0L),
        job.state().status().wireName(),
        job.result().map(JobResult::trainedTokens),
        request.trainingFile(),
        request.validationFile(),
        JobMethod.write(request.model().method(), choices),
        List.of(),
        Optional.empty(),
        request.metadata(),
        extra(job, warning));
  }

  private static Extra extra(Job job, Optional<String> warning) {
    JobState state = job.state();
    Optional<JobPlan.CheckedData> data = job.plan().map(JobPlan::data);
    return new Extra(
        state.phase().wireName(),
        state.phase() == JobPhase.PAUSED,
        state.reason().map(JobState.Reason::words),
        state.reason().map(reason -> reason.code().wireName()),
        job.plan().map(JobPlan::backend),
        job.plan().map(JobPlan::decisionId),
        state.lastProgressAt().getEpochSecond(),
        job.request().placement().budgetUsd(),
        job.run().map(run -> run.step()),
        job.run().map(run -> run.totalSteps()),
        data.map(JobPlan.CheckedData::examples),
        data.map(JobPlan.CheckedData::leftOut),
        data.map(JobPlan.CheckedData::digest),
        job.plan().map(JobPlan::predicted),
        job.plan().map(_ -> job.actual()),
        job.result().map(JobResult::gate),
        job.plan().map(JobPlan::hyperparameters),
        warning);
  }
}

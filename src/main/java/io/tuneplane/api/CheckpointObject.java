package io.tuneplane.api;

import io.tuneplane.job.JobCheckpoint;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A checkpoint, in the shape of OpenAI's `fine_tuning.job.checkpoint`.
///
/// @param createdAt Unix seconds
/// @param fineTunedModelCheckpoint its name as a model: the tuned model's with `:ckpt-step-N`;
///   while the job has no model yet, the backend's own name of the checkpoint
/// @param metrics the figures at that step
public record CheckpointObject(
    String id,
    String object,
    long createdAt,
    String fineTunedModelCheckpoint,
    String fineTuningJobId,
    Map<String, Double> metrics,
    long stepNumber) {

  /// The checkpoint as callers see it.
  ///
  /// @param tunedModel the job's model, once it has one
  public static CheckpointObject of(JobCheckpoint checkpoint, Optional<String> tunedModel) {
    Map<String, Double> metrics = new TreeMap<>(checkpoint.metrics());
    metrics.put("step", (double) checkpoint.step());
    return new CheckpointObject(
        checkpoint.id(),
        "fine_tuning.job.checkpoint",
        checkpoint.at().getEpochSecond(),
        tunedModel
            .map(name -> name + ":ckpt-step-" + checkpoint.step())
            .orElse(checkpoint.reference()),
        checkpoint.jobId(),
        metrics,
        checkpoint.step());
  }
}

package io.tuneplane.job;

import java.util.List;

/// What came of a job.
///
/// @param tunedModel the tuned model's name
/// @param trainedTokens tokens that passed through the model, all epochs
/// @param trainingSeconds time at work
/// @param gate what the gate measured, for people
/// @param resultFiles ids of the files that it left
public record JobResult(
    String tunedModel,
    long trainedTokens,
    double trainingSeconds,
    String gate,
    List<String> resultFiles) {

  public JobResult {
    resultFiles = List.copyOf(resultFiles);
  }
}

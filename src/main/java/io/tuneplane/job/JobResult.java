package io.tuneplane.job;

/// What came of a job.
///
/// @param tunedModel the tuned model's name
/// @param trainedTokens tokens that passed through the model, all epochs
/// @param trainingSeconds time at work
/// @param gate what the gate measured, for people
public record JobResult(
    String tunedModel, long trainedTokens, double trainingSeconds, String gate) {}

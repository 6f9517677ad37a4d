package io.tuneplane.job;

import java.time.Instant;
import java.util.Map;

/// A checkpoint of a job that can be used on its own.
///
/// @param id `ftckpt_` and 24 characters
/// @param jobId the job's id
/// @param step the optimiser step, from 1
/// @param reference the backend's own name of it
/// @param at when it was made
/// @param metrics the figures at that step, by OpenAI's names
public record JobCheckpoint(
    String id, String jobId, long step, String reference, Instant at, Map<String, Double> metrics) {

  public JobCheckpoint {
    metrics = Map.copyOf(metrics);
  }
}

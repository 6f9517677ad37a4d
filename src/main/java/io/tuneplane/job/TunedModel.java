package io.tuneplane.job;

import io.tuneplane.backend.Method;
import io.tuneplane.backend.TrainedModel;
import java.time.Instant;
import java.util.Set;

/// A tuned model that may be called.
///
/// @param name its name, see [TunedModelName]
/// @param organisation whose it is
/// @param baseModel the base model's catalogue id, hub id or path
/// @param backend where it was trained, and answers
/// @param method how it was tuned
/// @param jobId the job that made it
/// @param createdAt when
/// @param trained what the backend left
/// @param flags what its data was flagged: they hold for everything made from it
public record TunedModel(
    String name,
    String organisation,
    String baseModel,
    String backend,
    Method method,
    String jobId,
    Instant createdAt,
    TrainedModel trained,
    Set<String> flags) {

  public TunedModel {
    flags = Set.copyOf(flags);
  }
}

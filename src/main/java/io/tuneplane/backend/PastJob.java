package io.tuneplane.backend;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A job that an account holds, whoever asked for it: what it was asked with.
///
/// @param id the place's own id
/// @param baseModel the base model that it tunes
/// @param method empty for a method that we don't know
/// @param hyperparameters by their wire names; numbers as text, or `auto`
/// @param createdAt when it was asked for
/// @param finishedAt when it ended, if it has
/// @param trainingFile the place's id of the training file
/// @param validationFile the place's id of the validation file
/// @param resultFiles the place's ids of the files that it left
/// @param suffix the user's part of the tuned model's name
/// @param seed the seed of initialisation and order
/// @param metadata the user's labels
/// @param mark our own mark, where a Tuneplane asked for it
public record PastJob(
    String id,
    String baseModel,
    Optional<Method> method,
    Map<String, String> hyperparameters,
    Instant createdAt,
    Optional<Instant> finishedAt,
    String trainingFile,
    Optional<String> validationFile,
    List<String> resultFiles,
    Optional<String> suffix,
    long seed,
    Map<String, String> metadata,
    Optional<String> mark) {

  public PastJob {
    hyperparameters = Map.copyOf(hyperparameters);
    resultFiles = List.copyOf(resultFiles);
    metadata = Map.copyOf(metadata);
  }
}

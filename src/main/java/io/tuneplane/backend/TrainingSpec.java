package io.tuneplane.backend;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is to be trained: everything that a run depends on, resolved. Two runs of one spec on the
/// same kind of hardware give the same result.
///
/// @param baseModel the base model's catalogue id, hub id or local path
/// @param method supervised or dpo
/// @param trainingFile the checked training data, canonical JSONL
/// @param trainingDigest SHA-256 of the data set, as `dataset` computes it, in hex
/// @param validationFile the checked validation data, if any
/// @param hyperparameters all of them, none left `auto`
/// @param seed the seed of initialisation and order
/// @param suffix the user's part of the tuned model's name, if any
/// @param startFrom a tuned model of this base to go on from, with the same adapter shape; empty
///   for a fresh adapter
/// @param automatic the hyperparameters that the user left to us, by their wire names
///   (`batch_size`, `learning_rate_multiplier`, ...): where a place has a rule of its own for one,
///   that rule may decide instead of ours. `n_epochs` never is one: the predicted cost rests on it
/// @param labels the user's own labels, without ours; a place that keeps labels gets them
/// @param hardware the hardware that the user asked for; a place that has no choice ignores it
public record TrainingSpec(
    String baseModel,
    Method method,
    Path trainingFile,
    String trainingDigest,
    Optional<Path> validationFile,
    Hyperparameters hyperparameters,
    long seed,
    Optional<String> suffix,
    Optional<TrainedModel> startFrom,
    Set<String> automatic,
    Map<String, String> labels,
    HardwareWish hardware) {

  public TrainingSpec {
    automatic = Set.copyOf(automatic);
    labels = Map.copyOf(labels);
  }

  /// A spec on hardware of the place's choice.
  public TrainingSpec(
      String baseModel,
      Method method,
      Path trainingFile,
      String trainingDigest,
      Optional<Path> validationFile,
      Hyperparameters hyperparameters,
      long seed,
      Optional<String> suffix,
      Optional<TrainedModel> startFrom,
      Set<String> automatic,
      Map<String, String> labels) {
    this(
        baseModel,
        method,
        trainingFile,
        trainingDigest,
        validationFile,
        hyperparameters,
        seed,
        suffix,
        startFrom,
        automatic,
        labels,
        HardwareWish.NONE);
  }
}

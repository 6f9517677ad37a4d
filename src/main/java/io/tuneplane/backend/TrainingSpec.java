package io.tuneplane.backend;

import java.nio.file.Path;
import java.util.Optional;

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
public record TrainingSpec(
    String baseModel,
    Method method,
    Path trainingFile,
    String trainingDigest,
    Optional<Path> validationFile,
    Hyperparameters hyperparameters,
    long seed,
    Optional<String> suffix,
    Optional<TrainedModel> startFrom) {}

package io.tuneplane.backend;

import java.nio.file.Path;
import java.util.Optional;

/// What a run left behind.
///
/// @param remoteName the place's own name of the result: a model id, an endpoint, an adapter's
///   digest
/// @param adapter the folder with the adapter in PEFT layout, where the weights are ours
/// @param golden the trainer's golden answers, where there are some
/// @param baseDigest SHA-256 of the base weights in hex, where they are ours
public record TrainedModel(
    String remoteName,
    Optional<Path> adapter,
    Optional<Path> golden,
    Optional<String> baseDigest) {}

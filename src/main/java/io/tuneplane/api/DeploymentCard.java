package io.tuneplane.api;

import java.util.Optional;

/// A tuned model that can answer, and how it stands with that.
///
/// @param model its name
/// @param baseModel what it was tuned from
/// @param backend where it answers
/// @param state `ready`, `starting`, `broken`, or `idle`: it is in no service, and the first prompt
///   brings it there
/// @param detail what it waits for, or why it does not answer
/// @param readyReplicas how many replicas have it loaded; 0 where the next prompt loads it
/// @param replicas how many should; 0 where it is idle
public record DeploymentCard(
    String model,
    String baseModel,
    String backend,
    String state,
    Optional<String> detail,
    int readyReplicas,
    int replicas) {}

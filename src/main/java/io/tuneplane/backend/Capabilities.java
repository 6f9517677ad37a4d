package io.tuneplane.backend;

import io.tuneplane.policy.Location;
import java.util.List;
import java.util.Set;

/// What a place can do, as data.
///
/// @param location who holds the hardware: decides what flagged data may go there
/// @param methods the methods it trains with
/// @param models the base models it tunes: catalogue ids; empty means any open-weight model of a
///   supported architecture (see [#architectures])
/// @param architectures the architectures it tunes where `models` is empty, as `config.json` names
///   them
/// @param limits the bounds on a data set and on hyperparameters
/// @param weightsAvailable whether the tuned weights can be taken away
/// @param checkpoints whether it offers intermediate checkpoints
/// @param pausable whether [TrainingBackend#pause] and [TrainingBackend#resume] work
/// @param serves whether the result can be served in the same place
public record Capabilities(
    Location location,
    Set<Method> methods,
    List<String> models,
    Set<String> architectures,
    Limits limits,
    boolean weightsAvailable,
    boolean checkpoints,
    boolean pausable,
    boolean serves) {

  public Capabilities {
    methods = Set.copyOf(methods);
    models = List.copyOf(models);
    architectures = Set.copyOf(architectures);
  }
}

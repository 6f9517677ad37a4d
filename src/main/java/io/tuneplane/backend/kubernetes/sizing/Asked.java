package io.tuneplane.backend.kubernetes.sizing;

import java.util.Optional;
import java.util.OptionalInt;

/// The hardware that a user asked for; what is empty is ours to choose.
///
/// @param gpus GPUs in all
/// @param nodes nodes that they are spread over, evenly
/// @param type the kind of GPU
public record Asked(OptionalInt gpus, OptionalInt nodes, Optional<String> type) {

  /// All of it is ours to choose.
  public static final Asked NOTHING =
      new Asked(OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
}

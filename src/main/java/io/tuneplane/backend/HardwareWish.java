package io.tuneplane.backend;

import java.util.Optional;
import java.util.OptionalInt;

/// The hardware that a user asked for, where a place lets users ask; what is empty is the place's
/// to choose.
///
/// @param gpus GPUs in all; 0 for none
/// @param nodes machines that they are spread over, evenly
/// @param gpuType the kind of GPU, as the place names it
public record HardwareWish(OptionalInt gpus, OptionalInt nodes, Optional<String> gpuType) {

  /// All of it is the place's to choose.
  public static final HardwareWish NONE =
      new HardwareWish(OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
}

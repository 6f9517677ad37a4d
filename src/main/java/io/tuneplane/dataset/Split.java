package io.tuneplane.dataset;

import java.nio.file.Path;

/// How a part of the examples goes to a validation file. Which ones is told by a hash of the
/// example and the seed alone: the same in every order, equal examples on the same side, and a file
/// that grows keeps the sides of what it had.
///
/// @param file the validation file
/// @param share the share of examples that goes there, between 0 and 1
/// @param seed another seed gives another choice
public record Split(Path file, double share, long seed) {

  public Split {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("the share must be between 0 and 1, not " + share);
    }
  }

  /// Whether an example goes to the validation file.
  boolean takes(byte[] canonical, int start, int end) {
    long hash = Hash64.of(canonical, start, end, Hash64.mix(seed));
    return (hash >>> 11) * 0x1p-53 < share;
  }
}

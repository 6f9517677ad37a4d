package io.tuneplane.backend.local;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What has gone wrong in a run so far, and what follows for its next start.
///
/// @param failures starts in a row that failed before they wrote a new checkpoint
/// @param lessMemory whether the run has been told to do with less memory
/// @param notBefore when it may start again; absent for at once
record Tries(int failures, boolean lessMemory, @Nullable Instant notBefore) {

  static final Tries NONE = new Tries(0, false, null);

  Tries failed(Instant notBefore) {
    return new Tries(failures + 1, lessMemory, notBefore);
  }

  Tries withLessMemory() {
    return new Tries(failures, true, null);
  }

  /// After a start that got on, or was stopped on purpose.
  Tries forgiven() {
    return new Tries(0, lessMemory, null);
  }

  boolean mayStart(Instant now) {
    return notBefore == null || !now.isBefore(notBefore);
  }
}

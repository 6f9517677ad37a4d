package io.tuneplane.runner.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;

/// What a run may use, and how often it saves and reports.
///
/// @param threads threads of the arithmetic; the same number gives the same bits
/// @param memoryBytes the most resident memory; absent: what the machine has free at the start
/// @param checkpointEverySteps a checkpoint at every multiple of this step; 0 for none
/// @param checkpointEverySeconds a checkpoint when this long has passed since the last; 0 for none
/// @param validateEverySteps validation loss on one batch at every multiple of this step; 0 for
///   none
/// @param spin how long an idle thread spins before it sleeps, `GOMP_SPINCOUNT`; recorded here, set
///   by whoever starts the process
public record Limits(
    @JsonProperty(required = true) int threads,
    @JsonSetter(nulls = Nulls.SET) @Nullable Long memoryBytes,
    @JsonProperty(required = true) int checkpointEverySteps,
    @JsonProperty(required = true) int checkpointEverySeconds,
    @JsonProperty(required = true) int validateEverySteps,
    @JsonSetter(nulls = Nulls.SET) @Nullable Long spin) {

  public Limits {
    Check.between("limits.threads", threads, 1, 1024);
    if (memoryBytes != null) {
      Check.atLeast("limits.memory_bytes", memoryBytes, 1);
    }
    Check.atLeast("limits.checkpoint_every_steps", checkpointEverySteps, 0);
    Check.atLeast("limits.checkpoint_every_seconds", checkpointEverySeconds, 0);
    Check.atLeast("limits.validate_every_steps", validateEverySteps, 0);
    if (spin != null) {
      Check.atLeast("limits.spin", spin, 0);
    }
  }
}

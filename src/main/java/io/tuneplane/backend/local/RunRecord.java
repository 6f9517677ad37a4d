package io.tuneplane.backend.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What this backend remembers of a run between two looks: `run.json`.
///
/// @param createdAt when it was submitted
/// @param wanted what was asked of it last
/// @param wantedAt when
/// @param attempt its latest start; absent before the first
/// @param tries what has gone wrong so far
/// @param fixedBytes the memory that no setting lowers: process, weights, adapter
record RunRecord(
    @JsonProperty(required = true) Instant createdAt,
    @JsonProperty(required = true) Wanted wanted,
    @JsonProperty(required = true) Instant wantedAt,
    @Nullable Attempt attempt,
    @JsonProperty(required = true) Tries tries,
    @JsonProperty(required = true) long fixedBytes) {

  /// What is asked of a run.
  enum Wanted {
    RUN,
    PAUSE,
    CANCEL
  }

  /// One start of the runner.
  ///
  /// @param number from 1
  /// @param startedAt when
  /// @param parent the control plane that started it
  /// @param child the runner
  /// @param kills how many processes the kernel had killed for want of memory by then
  /// @param step the last step that had a checkpoint by then; 0 for none
  /// @param settled whether its end has been dealt with
  record Attempt(
      int number,
      Instant startedAt,
      ProcessId parent,
      ProcessId child,
      long kills,
      long step,
      boolean settled) {

    Attempt settle() {
      return new Attempt(number, startedAt, parent, child, kills, step, true);
    }
  }

  static RunRecord submitted(Instant now, long fixedBytes) {
    return new RunRecord(now, Wanted.RUN, now, null, Tries.NONE, fixedBytes);
  }

  RunRecord want(Wanted next, Instant now) {
    return next == wanted ? this : new RunRecord(createdAt, next, now, attempt, tries, fixedBytes);
  }

  RunRecord started(Attempt next) {
    return new RunRecord(createdAt, wanted, wantedAt, next, tries, fixedBytes);
  }

  RunRecord settled(Tries next) {
    return new RunRecord(
        createdAt, wanted, wantedAt, attempt == null ? null : attempt.settle(), next, fixedBytes);
  }

  int nextNumber() {
    return attempt == null ? 1 : attempt.number() + 1;
  }
}

package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tuneplane.config.ClusterSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What this backend remembers of a run between two looks: `run.json`.
///
/// @param createdAt when it was submitted
/// @param wanted what was asked of it last
/// @param wantedAt when
/// @param round which Job of the run is the latest, from 1
/// @param made whether the cluster has taken that Job
/// @param remade how often a Job had to be made again because somebody had deleted it
/// @param lessMemoryAt when the run was told to do with less memory; absent if it never was
/// @param troubledSince since when a pod has not started for a reason that does not go away by
///   itself
/// @param size the hardware that it gets
/// @param said what was last said of each matter, so that it is said once
record RunRecord(
    @JsonProperty(required = true) Instant createdAt,
    @JsonProperty(required = true) Wanted wanted,
    @JsonProperty(required = true) Instant wantedAt,
    @JsonProperty(required = true) int round,
    @JsonProperty(required = true) boolean made,
    @JsonProperty(required = true) int remade,
    @Nullable Instant lessMemoryAt,
    @Nullable Instant troubledSince,
    @JsonProperty(required = true) Size size,
    @JsonProperty(required = true) Map<String, String> said) {

  RunRecord {
    said = Map.copyOf(said);
  }

  /// What is asked of a run.
  enum Wanted {
    RUN,
    PAUSE,
    CANCEL
  }

  /// The hardware of a run.
  ///
  /// @param gpu the kind of GPU; absent for none
  /// @param gpusPerNode GPUs of one pod
  /// @param nodes pods
  /// @param cpus processors of one pod
  /// @param memoryBytes memory of one pod
  record Size(
      ClusterSettings.@Nullable Gpu gpu, int gpusPerNode, int nodes, int cpus, long memoryBytes) {

    Optional<ClusterSettings.Gpu> kind() {
      return Optional.ofNullable(gpu);
    }
  }

  static RunRecord submitted(Instant now, Size size) {
    return new RunRecord(now, Wanted.RUN, now, 1, false, 0, null, null, size, Map.of());
  }

  RunRecord want(Wanted next, Instant now) {
    if (next == wanted) {
      return this;
    }
    boolean again = wanted == Wanted.PAUSE && next == Wanted.RUN && made;
    return new RunRecord(
        createdAt,
        next,
        now,
        again ? round + 1 : round,
        !again && made,
        remade,
        lessMemoryAt,
        null,
        size,
        said);
  }

  RunRecord hasMade() {
    return new RunRecord(
        createdAt, wanted, wantedAt, round, true, remade, lessMemoryAt, null, size, said);
  }

  /// After its Job had gone, though nobody of ours deleted it.
  RunRecord remake() {
    return new RunRecord(
        createdAt, wanted, wantedAt, round + 1, false, remade + 1, lessMemoryAt, null, size, said);
  }

  RunRecord withLessMemory(Instant now) {
    return new RunRecord(
        createdAt, wanted, wantedAt, round, made, remade, now, troubledSince, size, said);
  }

  RunRecord troubled(@Nullable Instant since) {
    return new RunRecord(
        createdAt, wanted, wantedAt, round, made, remade, lessMemoryAt, since, size, said);
  }

  /// Notes what was said of a matter.
  RunRecord saying(String matter, String words) {
    Map<String, String> more = new HashMap<>(said);
    more.put(matter, words);
    return new RunRecord(
        createdAt, wanted, wantedAt, round, made, remade, lessMemoryAt, troubledSince, size, more);
  }

  boolean hasSaid(String matter, String words) {
    return words.equals(said.get(matter));
  }
}

package io.tuneplane.backend.vertex;

import com.google.genai.types.PreferenceOptimizationDataStats;
import com.google.genai.types.SupervisedTuningDataStats;
import com.google.genai.types.TuningDataStats;
import com.google.genai.types.TuningJob;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/// What Vertex AI counted in a job's data.
///
/// @param examples examples of the training data
/// @param billableTokens tokens of the training data that are paid for, each pass over them
/// @param steps optimiser steps
/// @param truncated examples that were cut
/// @param dropped why examples were left out, a reason each
record JobStats(
    Optional<Long> examples,
    Optional<Long> billableTokens,
    Optional<Long> steps,
    Optional<Long> truncated,
    List<String> dropped) {

  private static final JobStats NONE =
      new JobStats(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  static JobStats of(TuningJob job) {
    Optional<TuningDataStats> stats = job.tuningDataStats();
    return stats
        .flatMap(TuningDataStats::supervisedTuningDataStats)
        .map(JobStats::supervised)
        .or(() ->
            stats.flatMap(TuningDataStats::preferenceOptimizationDataStats).map(JobStats::pairs))
        .orElse(NONE);
  }

  private static JobStats supervised(SupervisedTuningDataStats s) {
    return new JobStats(
        s.tuningDatasetExampleCount(),
        s.totalBillableTokenCount(),
        s.tuningStepCount(),
        s.totalTruncatedExampleCount(),
        s.droppedExampleReasons().orElse(List.of()));
  }

  private static JobStats pairs(PreferenceOptimizationDataStats s) {
    return new JobStats(
        s.tuningDatasetExampleCount(),
        s.totalBillableTokenCount(),
        s.tuningStepCount(),
        Optional.empty(),
        s.droppedExampleReasons().orElse(List.of()));
  }

  boolean known() {
    return examples.isPresent() || billableTokens.isPresent() || steps.isPresent();
  }

  /// Whether part of the data was not learnt as it stands.
  boolean lossy() {
    return truncated.orElse(0L) > 0 || !dropped.isEmpty();
  }

  /// One sentence for people.
  String words() {
    StringJoiner words = new StringJoiner(", ");
    examples.ifPresent(n -> words.add("%,d examples".formatted(n)));
    billableTokens.ifPresent(n -> words.add("%,d billable tokens a pass".formatted(n)));
    steps.ifPresent(n -> words.add("%,d steps".formatted(n)));
    truncated.filter(n -> n > 0).ifPresent(n -> words.add("%,d examples cut".formatted(n)));
    if (!dropped.isEmpty()) {
      words.add("%,d examples left out (%s)".formatted(dropped.size(), dropped.getFirst()));
    }
    return words.toString();
  }
}

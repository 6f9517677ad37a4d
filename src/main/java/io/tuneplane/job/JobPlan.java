package io.tuneplane.job;

import io.tuneplane.backend.Hyperparameters;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// What was decided for a job, before anything was started.
///
/// @param decisionId the stored decision, which can be replayed
/// @param backend where it runs
/// @param model the base model
/// @param startFrom the tuned model that it goes on from
/// @param hyperparameters resolved; none left `auto`
/// @param seed the seed of initialisation and order
/// @param flags what the data is flagged: what was asked, what the scan found, and what the tuned
///   model that it goes on from was flagged
/// @param scanned whether the scan for personal data came to its end
/// @param data the checked data
/// @param predicted what the run is expected to need
/// @param billing how the place counts what it costs
public record JobPlan(
    String decisionId,
    String backend,
    String model,
    Optional<String> startFrom,
    Hyperparameters hyperparameters,
    long seed,
    Set<String> flags,
    boolean scanned,
    CheckedData data,
    JobCost predicted,
    Billing billing) {

  public JobPlan {
    flags = Set.copyOf(flags);
  }

  /// How a place counts what a run costs.
  public enum Billing {
    /// By tokens trained.
    TOKENS,
    /// By hours at work.
    HOURS
  }

  /// Data that was checked and written in canonical form.
  ///
  /// @param training the canonical training file, from the artifacts' folder on
  /// @param digest SHA-256 over its lines, in hex
  /// @param examples how many examples it has
  /// @param tokens how many tokens, once through
  /// @param validation the canonical validation file, from there too
  /// @param leftOut how many invalid examples were left out
  public record CheckedData(
      Path training,
      String digest,
      long examples,
      long tokens,
      Optional<Path> validation,
      long leftOut) {}
}

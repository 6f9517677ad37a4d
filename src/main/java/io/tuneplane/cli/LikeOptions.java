package io.tuneplane.cli;

import io.tuneplane.api.Api;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobRequest.Placement;
import io.tuneplane.migration.Likeness;
import io.tuneplane.migration.ParityRecorder.Recording;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Asks for a job like an old one, in another place.
final class LikeOptions {

  @Option(
      names = "--like",
      paramLabel = "ID",
      description = "A job like this one, with its data: imported ones included.")
  private @Nullable String like;

  @Option(
      names = "--record-parity",
      paramLabel = "N",
      description = "Keep what the old model answers to N prompts of the validation set, first.")
  private int recordParity;

  @Option(
      names = "--confirm-terms",
      description = "You have read the provider's terms, and they allow that.")
  private boolean confirmTerms;

  boolean given() {
    return like != null;
  }

  /// What the new job is asked with. Keeps the old model's answers first, where that is wanted and
  /// this is no dry run.
  ///
  /// @param wish how it is to differ
  /// @param placement what was asked of its place
  /// @param err takes the explanation
  JobRequest request(
      Api api, Likeness.Wish wish, Placement placement, boolean dryRun, PrintStream err)
      throws IOException, InterruptedException {
    String old = String.valueOf(like);
    Likeness likeness = api.migrations().like(old, wish);
    err.println("Like " + old + ":");
    likeness.explanation().forEach(line -> err.println("  " + Terminal.plain(line)));
    if (recordParity > 0 && !dryRun) {
      Recording kept = api.migrations().recordParity(old, recordParity, confirmTerms);
      err.println(
          "Kept what the old model answers to %d prompts in %s (%d prompt tokens, %d answered)"
              .formatted(
                  kept.prompts(), kept.file().id(), kept.promptTokens(), kept.completionTokens()));
    }
    err.flush();
    return placed(likeness.request(), placement);
  }

  private static JobRequest placed(JobRequest request, Placement asked) {
    SortedSet<String> flags = new TreeSet<>(request.placement().flags());
    flags.addAll(asked.flags());
    return new JobRequest(
        request.model(),
        request.trainingFile(),
        request.validationFile(),
        new Placement(
            request.placement().backend(),
            request.placement().substitutes() || asked.substitutes(),
            flags,
            asked.budgetUsd(),
            asked.monthlyRequests(),
            asked.skipInvalid(),
            asked.hardware()),
        request.metadata());
  }

  static Likeness.Wish wish(Placement placement, @Nullable String model, @Nullable String suffix) {
    return new Likeness.Wish(
        placement.backend(), Optional.ofNullable(model), Optional.ofNullable(suffix));
  }
}

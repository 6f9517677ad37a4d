package io.tuneplane.dataset;

import java.nio.file.Path;
import java.util.Optional;

/// How data is checked.
///
/// @param target what for
/// @param format the format; empty to tell it by the data
/// @param counter what counts tokens exactly; empty for the estimate only
/// @param maxFindings how many errors, and how many warnings, are listed; all are counted
/// @param nearDuplicates whether examples of almost the same words are looked for; costs about as
///   much time as all other checks together
/// @param resources what the check may use
public record CheckSettings(
    Target target,
    Optional<Format> format,
    Optional<TokenCounter> counter,
    int maxFindings,
    boolean nearDuplicates,
    Resources resources) {

  /// How many findings of a kind are listed by default.
  public static final int MAX_FINDINGS = 100;

  /// What a check may use.
  ///
  /// @param threads how many threads parse
  /// @param scratch a folder for temporary files
  public record Resources(int threads, Path scratch) {}

  /// The defaults for a target: two threads at most, the system's temporary folder.
  public static CheckSettings of(Target target, Optional<TokenCounter> counter) {
    Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
    int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
    return new CheckSettings(
        target, Optional.empty(), counter, MAX_FINDINGS, true, new Resources(threads, scratch));
  }
}

package io.tuneplane.dataset;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a check of one file says.
///
/// @param format the format of the file
/// @param target what it was checked for
/// @param total the examples: the lines that are not blank, or the elements of the array
/// @param valid those without an error
/// @param errors the first errors; see `counts` for all
/// @param warnings the first warnings
/// @param counts how many errors and warnings there are, by rule
/// @param tokens tokens of the valid examples
/// @param digest SHA-256 over the canonical lines, in hex: does not depend on the order of keys and
///   white space, does depend on the order of examples
public record CheckReport(
    Format format,
    Target target,
    long total,
    long valid,
    List<Finding> errors,
    List<Finding> warnings,
    Counts counts,
    Tokens tokens,
    String digest) {

  public CheckReport {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
  }

  /// How many there are, in the order of the rules' ids.
  ///
  /// @param errors all errors, by rule
  /// @param warnings all warnings, by rule
  public record Counts(Map<String, Long> errors, Map<String, Long> warnings) {
    public Counts {
      errors = Collections.unmodifiableMap(new TreeMap<>(errors));
      warnings = Collections.unmodifiableMap(new TreeMap<>(warnings));
    }
  }

  /// Tokens by both ways of counting.
  ///
  /// @param estimate by the section's rule: code points of all contents of an example, divided by 4
  /// @param exact by a tokenizer; empty where none was asked for
  public record Tokens(TokenSummary estimate, Optional<ExactTokens> exact) {}

  /// Whether the file is good as it is.
  public boolean ok() {
    return counts.errors().isEmpty();
  }
}

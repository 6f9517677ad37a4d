package io.tuneplane.dataset;

import java.util.List;

/// What a conversion came to.
///
/// @param from the format of the file
/// @param to the format that was written
/// @param total the examples read
/// @param training the examples written
/// @param validation those written to the validation file
/// @param errors the first examples that were not written
/// @param losses the first examples that lost something
/// @param counts how many of each there are, by rule
public record ConversionReport(
    Format from,
    Format to,
    long total,
    long training,
    long validation,
    List<Finding> errors,
    List<Finding> losses,
    CheckReport.Counts counts) {

  public ConversionReport {
    errors = List.copyOf(errors);
    losses = List.copyOf(losses);
  }

  /// How many examples were not written.
  public long leftOut() {
    return counts.errors().values().stream().mapToLong(Long::longValue).sum();
  }
}

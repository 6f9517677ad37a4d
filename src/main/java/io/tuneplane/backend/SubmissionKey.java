package io.tuneplane.backend;

import java.util.regex.Pattern;

/// The mark that makes submitting idempotent: the place stores it with the run and can be asked for
/// it.
///
/// @param mark `[a-z0-9-]{1,63}`, so that it fits a Kubernetes name, a label and a directory
public record SubmissionKey(String mark) {

  private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,63}");

  public SubmissionKey {
    if (!FORM.matcher(mark).matches()) {
      throw new IllegalArgumentException("a mark is [a-z0-9-]{1,63}, not \"" + mark + "\"");
    }
  }
}

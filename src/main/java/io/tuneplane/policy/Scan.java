package io.tuneplane.policy;

import java.util.Locale;

/// How the scan for personal data ended. It can raise a flag, never clear one.
public enum Scan {
  /// It read everything; what it found is in the flags.
  DONE,
  /// It was not run: there was no data to read, as with prompts, or the operator switched it off.
  NOT_RUN,
  /// It broke off, so nobody knows what is in the data.
  FAILED;

  /// The name in files and answers.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

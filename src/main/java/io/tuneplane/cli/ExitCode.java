package io.tuneplane.cli;

/// What a command's exit code means.
final class ExitCode {

  /// Done.
  static final int OK = 0;

  /// Tried, and failed; or a check found errors.
  static final int FAILED = 1;

  /// The command line or the settings are wrong.
  static final int USAGE = 2;

  /// Refused by policy, a limit or a budget.
  static final int REFUSED = 3;

  /// A key is needed.
  static final int KEY_NEEDED = 4;

  private ExitCode() {}
}

package io.tuneplane.runner;

/// How a run of the runner ends, as `docs/runner.md` promises it to whoever started it.
public enum ExitCode {
  /// All done.
  DONE(0),
  /// The gate was not passed.
  NOT_PASSED(1),
  /// The command line is wrong.
  USAGE(2),
  /// The input is wrong: the same input fails again, so do not retry.
  WRONG_INPUT(10),
  /// Something around the run failed (a full disk, a lost file): try again.
  TRY_AGAIN(20),
  /// Not enough memory.
  OUT_OF_MEMORY(21),
  /// Asked to stop; a checkpoint was written first. What a shell reports for SIGTERM.
  STOPPED(143);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /// The process's exit status.
  public int number() {
    return number;
  }
}

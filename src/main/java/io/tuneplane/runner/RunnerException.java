package io.tuneplane.runner;

/// A run can't go on. The message is for people: what happened, and what to do.
public abstract sealed class RunnerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private RunnerException(String message) {
    super(message);
  }

  private RunnerException(String message, Throwable cause) {
    super(message, cause);
  }

  /// How the process ends.
  public abstract ExitCode exitCode();

  /// A stable word for programs, e.g. `out_of_memory`.
  public abstract String code();

  /// The job, the data or the model is wrong; the same input fails again.
  public static final class WrongInput extends RunnerException {

    private static final long serialVersionUID = 1L;

    public WrongInput(String message) {
      super(message);
    }

    public WrongInput(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public ExitCode exitCode() {
      return ExitCode.WRONG_INPUT;
    }

    @Override
    public String code() {
      return "invalid_input";
    }
  }

  /// Something around the run failed; another try may succeed.
  public static final class TryAgain extends RunnerException {

    private static final long serialVersionUID = 1L;

    public TryAgain(String message) {
      super(message);
    }

    public TryAgain(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public ExitCode exitCode() {
      return ExitCode.TRY_AGAIN;
    }

    @Override
    public String code() {
      return "try_again";
    }
  }

  /// More memory is needed than there is.
  public static final class OutOfMemory extends RunnerException {

    private static final long serialVersionUID = 1L;

    public OutOfMemory(String message) {
      super(message);
    }

    public OutOfMemory(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public ExitCode exitCode() {
      return ExitCode.OUT_OF_MEMORY;
    }

    @Override
    public String code() {
      return "out_of_memory";
    }
  }
}

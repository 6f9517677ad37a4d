package io.tuneplane.backend;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A call to a place failed. Its children are named by what the caller does about it. A run's own
/// failing is no exception: it is [RunState.Failed].
public abstract sealed class BackendException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String backend;
  private final String operation;

  private BackendException(String backend, String operation, String message, Throwable cause) {
    super(backend + ": " + operation + ": " + message, cause);
    this.backend = backend;
    this.operation = operation;
  }

  private BackendException(String backend, String operation, String message) {
    super(backend + ": " + operation + ": " + message);
    this.backend = backend;
    this.operation = operation;
  }

  /// The backend's name.
  public String backend() {
    return backend;
  }

  /// The method that failed, e.g. `submit`.
  public String operation() {
    return operation;
  }

  /// The request is wrong: the user must change it. Never retried.
  public static final class Rejected extends BackendException {
    private static final long serialVersionUID = 1L;
    private final transient List<Problem> problems;

    public Rejected(String backend, String operation, List<Problem> problems) {
      super(
          backend,
          operation,
          problems.stream()
              .map(p -> p.field() + ": " + p.message())
              .collect(Collectors.joining("; ")));
      this.problems = List.copyOf(problems);
    }

    /// What is wrong, one by one.
    public List<Problem> problems() {
      return problems;
    }
  }

  /// The key is missing, wrong or not allowed to: an operator must act.
  public static final class Unauthorized extends BackendException {
    private static final long serialVersionUID = 1L;

    public Unauthorized(String backend, String operation, String message) {
      super(backend, operation, message);
    }
  }

  /// A quota or capacity is used up: wait.
  public static final class Exhausted extends BackendException {
    private static final long serialVersionUID = 1L;
    private final transient Optional<Duration> retryAfter;

    public Exhausted(
        String backend, String operation, String message, Optional<Duration> retryAfter) {
      super(backend, operation, message);
      this.retryAfter = retryAfter;
    }

    /// How long the place asked us to wait, where it did.
    public Optional<Duration> retryAfter() {
      return retryAfter;
    }
  }

  /// The place did not answer, or broke: try again with backoff.
  public static final class Unavailable extends BackendException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String backend, String operation, String message, Throwable cause) {
      super(backend, operation, message, cause);
    }

    public Unavailable(String backend, String operation, String message) {
      super(backend, operation, message);
    }
  }

  /// A call that may have started something was made, and its answer never arrived: nobody may make
  /// it again before it is known what came of it.
  public static final class OutcomeUnknown extends BackendException {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknown(String backend, String operation, String message, Throwable cause) {
      super(backend, operation, message, cause);
    }

    public OutcomeUnknown(String backend, String operation, String message) {
      super(backend, operation, message);
    }
  }

  /// The place takes no new job from this account, and trying again won't help. The message carries
  /// its own words.
  public static final class Closed extends BackendException {
    private static final long serialVersionUID = 1L;
    private final String words;

    public Closed(String backend, String operation, String words) {
      super(backend, operation, words);
      this.words = words;
    }

    /// What the place said.
    public String words() {
      return words;
    }
  }

  /// The place no longer knows the run or deployment.
  public static final class RunLost extends BackendException {
    private static final long serialVersionUID = 1L;

    public RunLost(String backend, String operation, String message) {
      super(backend, operation, message);
    }
  }

  /// The place answered something that we can't read: a bug of ours, or a changed interface.
  public static final class Misunderstood extends BackendException {
    private static final long serialVersionUID = 1L;

    public Misunderstood(String backend, String operation, String message, Throwable cause) {
      super(backend, operation, message, cause);
    }

    public Misunderstood(String backend, String operation, String message) {
      super(backend, operation, message);
    }
  }
}

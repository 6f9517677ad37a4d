package io.tuneplane.backend.remote;

import java.util.Map;

/// A runner asked for what can't be. What it is told names no path of ours.
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// Why, as a runner can act on it.
  public enum Why {
    /// The token is none, or not of this run, or not good any more.
    UNAUTHORIZED,
    /// Another attempt has begun since.
    STALE_ATTEMPT,
    /// Events are missing before these.
    SEQUENCE,
    /// A piece that does not follow what has arrived.
    OFFSET,
    /// A file of a set is missing, or is not the one that was listed.
    INCOMPLETE,
    /// The result lists files that have not arrived.
    RESULT_MISSING,
    /// The same file is being sent already.
    BUSY,
    /// There is no such file.
    NOT_FOUND,
    /// More than is taken at once.
    TOO_LARGE,
    /// The request breaks the contract.
    INVALID
  }

  private final Why why;
  private final transient Map<String, Object> details;

  private RefusedException(Why why, String message, Map<String, Object> details) {
    super(message);
    this.why = why;
    this.details = details;
  }

  static RefusedException of(Why why, String message) {
    return new RefusedException(why, message, Map.of());
  }

  /// @param detail a further field of the answer
  static RefusedException of(Why why, String message, String detail, Object value) {
    return new RefusedException(why, message, Map.of(detail, value));
  }

  /// Why.
  public Why why() {
    return why;
  }

  /// Further fields of the answer: `next`, `bytes` or `file`.
  public Map<String, Object> details() {
    return details;
  }
}

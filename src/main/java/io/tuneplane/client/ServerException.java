package io.tuneplane.client;

/// A server was asked, and there is no answer to work with. Its message says what to do.
public final class ServerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// What stood in the way.
  public enum Kind {
    /// Nobody answers there, or what answers is another version.
    UNREACHABLE,
    /// A key is missing, or doesn't allow it.
    KEY_NEEDED,
    /// Policy, a limit or a budget.
    REFUSED,
    /// The question names something that isn't known.
    WRONG,
    /// The server could not do it.
    FAILED
  }

  private final Kind kind;

  ServerException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  ServerException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// What stood in the way.
  public Kind kind() {
    return kind;
  }
}

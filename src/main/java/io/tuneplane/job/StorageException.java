package io.tuneplane.job;

/// What is kept can't be read or written. A step that met this was not kept, unless it says
/// otherwise.
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// What there is to be done about it.
  public enum Kind {
    /// There is no room left: free some, then the same call will do.
    FULL,
    /// The database can't be reached, or is busy: the same call may do a little later.
    UNAVAILABLE,
    /// It won't get better by itself: an operator must look.
    BROKEN
  }

  private final Kind kind;

  /// @param message where, what, and what to do; without secrets and without user data
  public StorageException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// @param message where, what, and what to do; without secrets and without user data
  public StorageException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /// What there is to be done about it.
  public Kind kind() {
    return kind;
  }
}

package io.tuneplane.job;

/// The audit log can't be written, or is not as it was left. Nothing may leave until somebody has
/// looked.
public final class AuditException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param message what is wrong
  public AuditException(String message) {
    super(message);
  }

  /// @param message what is wrong; the cause's words are added
  public AuditException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}

package io.tuneplane.job;

/// The audit log can't be written, or is not as it was left. Nothing may leave until somebody has
/// looked.
public final class AuditException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AuditException(String message) {
    super(message);
  }

  AuditException(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }
}

package io.tuneplane.api;

/// The caller's role would do, but it is not for their organisation.
public final class ForbiddenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param message says whose it is
  public ForbiddenException(String message) {
    super(message);
  }
}

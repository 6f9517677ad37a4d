package io.tuneplane.access;

/// The installation's secret can't be used, or something was not sealed with it.
public final class SecretsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param message where, what, and what to do; never the secret
  public SecretsException(String message) {
    super(message);
  }

  /// @param message where, what, and what to do; never the secret
  public SecretsException(String message, Throwable cause) {
    super(message, cause);
  }
}

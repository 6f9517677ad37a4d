package io.tuneplane.policy;

/// A policy or an attestation is broken. Tuneplane doesn't start with one.
public final class PolicyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param message what is wrong
  public PolicyException(String message) {
    super(message);
  }

  PolicyException(String message, Throwable cause) {
    super(message, cause);
  }

  /// @param where the file's name and line
  PolicyException(String where, String problem) {
    super(where + ": " + problem);
  }

  PolicyException(String where, String problem, Throwable cause) {
    super(where + ": " + problem, cause);
  }
}

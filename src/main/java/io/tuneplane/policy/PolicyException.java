package io.tuneplane.policy;

/// A policy or an attestation is broken. Tuneplane doesn't start with one.
public final class PolicyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int NOWHERE = 0;

  private final int line;

  /// @param message what is wrong
  public PolicyException(String message) {
    super(message);
    line = NOWHERE;
  }

  PolicyException(int line, String message) {
    super("policy, line " + line + ": " + message);
    this.line = line;
  }

  PolicyException(int line, String message, Throwable cause) {
    super("policy, line " + line + ": " + message, cause);
    this.line = line;
  }

  /// This, at that line unless it knows its own.
  PolicyException at(int outer) {
    return line == NOWHERE ? new PolicyException(outer, String.valueOf(getMessage()), this) : this;
  }
}

package io.tuneplane.migration;

/// A move can't be made as it was asked for. The message says what to do.
public final class MigrationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public MigrationException(String message) {
    super(message);
  }
}

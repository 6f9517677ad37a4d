package io.tuneplane.runner.serve.engine;

/// An adapter can't be loaded. The message says why, and what would do.
public final class AdapterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// What is the matter.
  public enum Kind {
    /// There is no adapter at that place.
    MISSING,
    /// It is not for this base, is damaged, or is of a kind that can't be served.
    REFUSED
  }

  private final Kind kind;

  private AdapterException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static AdapterException missing(String message) {
    return new AdapterException(Kind.MISSING, message);
  }

  static AdapterException refused(String message) {
    return new AdapterException(Kind.REFUSED, message);
  }

  public Kind kind() {
    return kind;
  }
}

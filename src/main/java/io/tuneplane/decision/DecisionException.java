package io.tuneplane.decision;

/// A request can't be decided at all, because something in it is not known: a class of models that
/// the price book doesn't have, a stored decision that isn't one.
public final class DecisionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DecisionException(String message) {
    super(message);
  }

  DecisionException(String message, Throwable cause) {
    super(message, cause);
  }
}

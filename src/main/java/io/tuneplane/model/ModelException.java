package io.tuneplane.model;

/// A model can't be found, fetched or read. The message says which file, what is wrong and what to
/// do.
public class ModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}

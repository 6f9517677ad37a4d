package io.tuneplane.job;

/// A request came under the key of another one. The sender must use a new key.
public final class SentBeforeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SentBeforeException() {
    super("this key was used for another request");
  }
}

package io.tuneplane.dataset;

/// A conversation can't be encoded so that training matches serving: the template renders an answer
/// otherwise than the server would ask for it. The message names the turn.
public final class EncodingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public EncodingException(String message) {
    super(message);
  }
}

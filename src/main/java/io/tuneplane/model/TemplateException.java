package io.tuneplane.model;

/// A chat template can't be parsed, raised an error of its own, or uses a construct that is not
/// supported. Never replaced by other text.
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TemplateException(String message) {
    super(message);
  }

  public TemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}

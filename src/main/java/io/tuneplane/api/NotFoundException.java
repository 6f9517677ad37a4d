package io.tuneplane.api;

/// There is no such thing, or it belongs to another organisation.
public final class NotFoundException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param what the kind of thing, e.g. `job`
  /// @param id the id that was asked for
  public NotFoundException(String what, String id) {
    this("there is no " + what + " \"" + id + "\"");
  }

  private NotFoundException(String message) {
    super(message);
  }

  /// One that a server told of, in its words.
  public static NotFoundException saying(String message) {
    return new NotFoundException(message);
  }
}

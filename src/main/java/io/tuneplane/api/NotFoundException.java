package io.tuneplane.api;

/// There is no such thing, or it belongs to another organisation.
public final class NotFoundException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param what the kind of thing, e.g. `job`
  /// @param id the id that was asked for
  public NotFoundException(String what, String id) {
    super("there is no " + what + " \"" + id + "\"");
  }
}

package io.tuneplane.backend;

/// A position in a run's events; opaque to callers.
///
/// @param value the place's own form: a byte offset, an event id, a sequence number
public record Cursor(String value) {

  /// Before the first event.
  public static final Cursor START = new Cursor("");
}

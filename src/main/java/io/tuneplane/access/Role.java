package io.tuneplane.access;

import java.util.Locale;

/// What a key may do. Which route needs which role is the HTTP layer's table; what is not in it is
/// nobody's.
public enum Role {
  /// Everything in its organisation, keys and attestations included.
  ADMIN,
  /// Uploads files, runs jobs, calls models, reads everything that is not an administrator's.
  TRAINER,
  /// Calls models, and lists them.
  CALLER,
  /// Reads; changes nothing and calls nothing.
  VIEWER;

  /// The name in the API and on the command line.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

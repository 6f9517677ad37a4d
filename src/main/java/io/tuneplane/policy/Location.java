package io.tuneplane.policy;

import java.util.Locale;

/// Who holds the hardware of a place.
public enum Location {
  /// Machines that the operator holds.
  ON_PREM,
  /// Machines rented from a cloud, under the operator's control.
  RENTED,
  /// A service run by somebody else.
  THIRD_PARTY;

  /// The name in settings and answers.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

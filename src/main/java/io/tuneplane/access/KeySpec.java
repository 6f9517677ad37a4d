package io.tuneplane.access;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a new key shall be.
///
/// @param name for people; 1 to 64 characters, none of them a control character
/// @param organisation whose it is; `[a-z0-9-]`, 1 to 63 characters
/// @param role what it may do
/// @param flags what all data that comes with it is treated as
/// @param lifetime how long it counts; empty for always
public record KeySpec(
    String name,
    String organisation,
    Role role,
    SortedSet<String> flags,
    Optional<Duration> lifetime) {

  private static final int LONGEST_NAME = 64;

  /// @throws IllegalArgumentException if a part is not of its form
  public KeySpec {
    flags = Collections.unmodifiableSortedSet(new TreeSet<>(flags));
    if (name.isBlank()
        || name.length() > LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a key's name has 1 to 64 printable characters");
    }
    if (!organisation.matches("[a-z0-9][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException("an organisation is [a-z0-9-], 1 to 63 characters");
    }
    if (lifetime.filter(l -> l.isNegative() || l.isZero()).isPresent()) {
      throw new IllegalArgumentException("a key can't expire before it is made");
    }
  }
}

package io.tuneplane.backend;

import java.time.LocalDate;
import java.util.Optional;

/// Whether a place takes a job now.
public sealed interface Availability {

  /// It does.
  record Ready() implements Availability {}

  /// Something must be done first.
  ///
  /// @param step what to do, as a sentence with the command or setting in it
  record NeedsSetup(String step) implements Availability {}

  /// Nobody knows before a job is created: a read call can't reveal it.
  ///
  /// @param reason why it is not known
  record Unverified(String reason) implements Availability {}

  /// It does not, and trying again won't help.
  ///
  /// @param words the provider's own words
  /// @param since the day from which it has been closed, where known
  record Closed(String words, Optional<LocalDate> since) implements Availability {}
}

package io.tuneplane.policy;

import java.util.Optional;

/// What is asked of the policy.
///
/// @param flags what is known of the data
/// @param destination where it would go
/// @param purpose why
/// @param model the base model, as the catalogue names it
/// @param size how much data; absent for prompts
public record Question(
    Flags flags, Destination destination, Purpose purpose, String model, Optional<Size> size) {

  /// How much data a data set is.
  ///
  /// @param examples how many examples
  /// @param tokens how many tokens, once through
  /// @param bytes the file's size
  public record Size(long examples, long tokens, long bytes) {}
}

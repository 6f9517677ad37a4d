package io.tuneplane.backend;

import java.util.OptionalLong;

/// Bounds that a place puts on a data set. An absent bound is one that the place does not state.
///
/// @param minExamples fewest examples in the training file
/// @param maxExamples most examples in the training file
/// @param maxValidationExamples most examples in the validation file
/// @param maxTokensPerExample longest example, in the model's tokens
/// @param maxFileBytes largest file, in bytes
public record Limits(
    OptionalLong minExamples,
    OptionalLong maxExamples,
    OptionalLong maxValidationExamples,
    OptionalLong maxTokensPerExample,
    OptionalLong maxFileBytes) {

  /// No bound at all.
  public static final Limits NONE =
      new Limits(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());
}

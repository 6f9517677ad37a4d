package io.tuneplane.decision;

import io.tuneplane.policy.Flags;
import io.tuneplane.policy.Question;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/// What a decision must know of the data set.
///
/// @param digest SHA-256 of the data set, in hex; empty where a plan is made without data
/// @param examples how many examples it has
/// @param tokens how many tokens, once through
/// @param longestExample the longest example's tokens
/// @param fileBytes the training file's size
/// @param validationExamples how many examples are kept for validation
/// @param exactTokens whether the tokens were counted by a tokenizer, not estimated
/// @param means the mean prompt and answer, where the data was read
/// @param flags everything that is known of it, derived or said
public record DataSummary(
    String digest,
    long examples,
    long tokens,
    long longestExample,
    long fileBytes,
    long validationExamples,
    boolean exactTokens,
    Optional<Means> means,
    Flags flags) {

  /// The means of the data's own conversations: what a forecast assumes where it isn't told.
  ///
  /// @param inputTokens tokens of a prompt
  /// @param outputTokens tokens of an answer
  public record Means(long inputTokens, long outputTokens) {}

  /// The mean length of an example in tokens; 0 where there is none.
  BigDecimal tokensPerExample() {
    return examples == 0
        ? BigDecimal.ZERO
        : BigDecimal.valueOf(tokens).divide(BigDecimal.valueOf(examples), MathContext.DECIMAL64);
  }

  Question.Size size() {
    return new Question.Size(examples, tokens, fileBytes);
  }

  DataSummary with(Flags other) {
    return new DataSummary(
        digest,
        examples,
        tokens,
        longestExample,
        fileBytes,
        validationExamples,
        exactTokens,
        means,
        other);
  }
}

package io.tuneplane.api;

import io.tuneplane.dataset.Format;
import io.tuneplane.dataset.Target;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// What to check.
///
/// @param file the training file
/// @param validation the validation file
/// @param format the format of both; empty to tell it by the data
/// @param target what for; empty to tell it by the model, `openai-chat` without one
/// @param counting how tokens are counted
/// @param thoroughness how much is looked for and listed
public record DataCheckRequest(
    Path file,
    Optional<Path> validation,
    Optional<Format> format,
    Optional<Target> target,
    Counting counting,
    Thoroughness thoroughness) {

  /// How tokens are counted.
  ///
  /// @param exact whether a tokenizer counts; if not, only the estimate is made
  /// @param model whose tokenizer: an OpenAI or Gemini model, or an open model's name or path;
  ///   empty for the target's own
  /// @param maxTokens the longest example; empty for the model's own limit
  public record Counting(boolean exact, Optional<String> model, OptionalInt maxTokens) {}

  /// How much is looked for and listed.
  ///
  /// @param nearDuplicates whether examples of almost the same words are looked for
  /// @param maxFindings how many errors, and how many warnings, are listed
  public record Thoroughness(boolean nearDuplicates, int maxFindings) {}
}

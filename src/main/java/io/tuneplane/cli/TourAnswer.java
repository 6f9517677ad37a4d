package io.tuneplane.cli;

import java.util.List;
import java.util.Locale;

/// A question of the tour, and what the model said before and after it was tuned.
///
/// @param question what was asked
/// @param expected what a right answer holds
/// @param before the base model's answer
/// @param after the tuned model's answer; empty until it was asked
record TourAnswer(String question, List<String> expected, String before, String after) {

  TourAnswer asked(String answer) {
    return new TourAnswer(question, expected, before, answer);
  }

  /// Whether the tuned model knew.
  boolean knownAfter() {
    return knows(after);
  }

  /// Whether the base model knew, or guessed right.
  boolean knownBefore() {
    return knows(before);
  }

  private boolean knows(String answer) {
    String text = answer.toLowerCase(Locale.ROOT);
    return expected.stream().allMatch(e -> text.contains(e.toLowerCase(Locale.ROOT)));
  }
}

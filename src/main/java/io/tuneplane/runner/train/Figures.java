package io.tuneplane.runner.train;

/// Loss and accuracy over some examples.
///
/// @param loss the sum of what is averaged: of -log p over tokens, or of the loss over pairs
/// @param hits how often the model was right: learnt tokens that were the most likely ones, or
///   pairs that were ranked right
/// @param count how many tokens or pairs there are
/// @param tokens tokens passed through the model
record Figures(double loss, long hits, long count, long tokens) {

  static final Figures NONE = new Figures(0, 0, 0, 0);

  Figures plus(Figures other) {
    return new Figures(
        loss + other.loss, hits + other.hits, count + other.count, tokens + other.tokens);
  }

  double meanLoss() {
    return loss / count;
  }

  double accuracy() {
    return (double) hits / count;
  }
}

package io.tuneplane.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// How much is trained.
///
/// @param examples examples in the training set, 0 to 10^9
/// @param tokensPerExample their mean length in tokens, 0 to 10^7; need not be whole
/// @param epochs passes over them, 1 to 1,000
public record TrainingVolume(long examples, BigDecimal tokensPerExample, int epochs) {

  private static final long MAX_EXAMPLES = 1_000_000_000L;
  private static final BigDecimal MAX_TOKENS = BigDecimal.valueOf(10_000_000L);
  private static final int MAX_EPOCHS = 1_000;

  public TrainingVolume {
    require(examples >= 0 && examples <= MAX_EXAMPLES, "examples", "0 to 10^9");
    require(
        tokensPerExample.signum() >= 0 && tokensPerExample.compareTo(MAX_TOKENS) <= 0,
        "tokens per example",
        "0 to 10^7");
    require(epochs >= 1 && epochs <= MAX_EPOCHS, "epochs", "1 to 1,000");
  }

  /// A volume whose mean length is a whole number.
  public static TrainingVolume of(long examples, long tokensPerExample, int epochs) {
    return new TrainingVolume(examples, BigDecimal.valueOf(tokensPerExample), epochs);
  }

  /// Tokens that are trained on, all epochs together: what a provider bills. Rounded half-even to a
  /// whole number where the mean is not one.
  public BigDecimal tokens() {
    return tokensPerExample
        .multiply(BigDecimal.valueOf(examples))
        .multiply(BigDecimal.valueOf(epochs))
        .setScale(0, RoundingMode.HALF_EVEN);
  }

  private static void require(boolean holds, String what, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(what + ": expected " + expected);
    }
  }
}

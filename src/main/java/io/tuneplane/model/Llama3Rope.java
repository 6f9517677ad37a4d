package io.tuneplane.model;

import io.tuneplane.model.ModelConfig.RopeScaling.Llama3;

/// Llama 3's stretching of rotary frequencies. `config.json` has its four parameters; a GGUF file
/// has the finished divisors only, from which the parameters are recognised.
final class Llama3Rope {

  /// All but the factor are the same in every Llama 3.1, 3.2 and 3.3 (their `config.json`).
  private static final Llama3 UNSTRETCHED = new Llama3(1, 1, 4, 8192);

  private static final double TOLERANCE = 1e-4;

  private Llama3Rope() {}

  /// The parameters that give these divisors.
  ///
  /// @throws ModelException if they are not Llama 3's
  static Llama3 recognised(float[] divisors, int headDim, double theta, String source) {
    Llama3 scaling = withFactorOf(divisors, headDim, theta);
    boolean same = divisors.length == headDim / 2 && scaling.factor() >= 1;
    for (int i = 0; same && i < divisors.length; i++) {
      double expected = divisor(scaling, frequency(i, headDim, theta));
      same = Math.abs(divisors[i] - expected) <= TOLERANCE * expected;
    }
    if (!same) {
      throw new ModelException(source + ": its rotary frequencies are stretched in an unknown way");
    }
    return scaling;
  }

  /// The slowest frequency is stretched the most, so the factor is computed from its divisor, and
  /// rounded, since that is a float.
  private static Llama3 withFactorOf(float[] divisors, int headDim, double theta) {
    int last = divisors.length - 1;
    double divisor = last < 0 ? 0 : divisors[last];
    double kept = kept(UNSTRETCHED, frequency(last, headDim, theta));
    double factor = (1 - kept) / (1 / divisor - kept);
    return new Llama3(
        Math.rint(factor * 1000) / 1000,
        UNSTRETCHED.lowFreqFactor(),
        UNSTRETCHED.highFreqFactor(),
        UNSTRETCHED.originalMaxPositions());
  }

  private static double frequency(int pair, int headDim, double theta) {
    return Math.pow(theta, -2.0 * pair / headDim);
  }

  /// What a frequency (radians per position) is divided by: `_compute_llama3_parameters` in
  /// `transformers`.
  static double divisor(Llama3 scaling, double frequency) {
    double kept = kept(scaling, frequency);
    return 1 / ((1 - kept) / scaling.factor() + kept);
  }

  /// From 1, for frequencies that stay, down to 0, for those that are stretched in full.
  private static double kept(Llama3 scaling, double frequency) {
    double turns = scaling.originalMaxPositions() * frequency / (2 * Math.PI);
    double kept =
        (turns - scaling.lowFreqFactor()) / (scaling.highFreqFactor() - scaling.lowFreqFactor());
    return Math.clamp(kept, 0, 1);
  }
}

package io.tuneplane.runner.train;

import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.ModelConfig.RopeScaling;

/// Cosines and sines of the rotary embedding (Su et al., 2021, arXiv:2104.09864), position by
/// position, in 32-bit arithmetic as `transformers` computes them.
// Arrays, as libtorch takes them; never compared or changed.
@SuppressWarnings("ArrayRecordComponent")
record RotaryTable(int positions, int half, float[] cos, float[] sin) {

  static RotaryTable of(ModelConfig config, int positions) {
    int half = config.headDim() / 2;
    float[] cos = new float[positions * half];
    float[] sin = new float[positions * half];
    for (int i = 0; i < half; i++) {
      float frequency = frequency(config, i);
      for (int p = 0; p < positions; p++) {
        float angle = p * frequency;
        cos[p * half + i] = (float) Math.cos(angle);
        sin[p * half + i] = (float) Math.sin(angle);
      }
    }
    return new RotaryTable(positions, half, cos, sin);
  }

  private static float frequency(ModelConfig config, int pair) {
    float plain = 1 / (float) Math.pow(config.ropeTheta(), (float) (2 * pair) / config.headDim());
    return config.ropeScaling().map(s -> scaled(plain, s)).orElse(plain);
  }

  private static float scaled(float plain, RopeScaling scaling) {
    return switch (scaling) {
      case RopeScaling.Linear(double factor) -> (float) (plain / factor);
      case RopeScaling.Llama3 s -> llama3(plain, s);
    };
  }

  /// `transformers`, `modeling_rope_utils.py`, `_compute_llama3_parameters`.
  private static float llama3(float plain, RopeScaling.Llama3 s) {
    double wavelength = 2 * Math.PI / plain;
    double low = s.originalMaxPositions() / s.lowFreqFactor();
    double high = s.originalMaxPositions() / s.highFreqFactor();
    if (wavelength < high) {
      return plain;
    }
    if (wavelength > low) {
      return (float) (plain / s.factor());
    }
    double smooth =
        (s.originalMaxPositions() / wavelength - s.lowFreqFactor())
            / (s.highFreqFactor() - s.lowFreqFactor());
    return (float) ((1 - smooth) * plain / s.factor() + smooth * plain);
  }
}

package io.tuneplane.runner.serve.onnx;

import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.ModelConfig.RopeScaling;

/// The angles of the rotary embedding, computed as `transformers` computes them
/// (`modeling_rope_utils.py`).
final class Rotary {

  private Rotary() {}

  /// The angle that each pair of a head's values turns by at each position step.
  static double[] frequencies(ModelConfig config) {
    double[] frequencies = new double[config.headDim() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      double plain = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
      frequencies[i] = config.ropeScaling().map(s -> scaled(plain, s)).orElse(plain);
    }
    return frequencies;
  }

  private static double scaled(double frequency, RopeScaling scaling) {
    return switch (scaling) {
      case RopeScaling.Linear(double factor) -> frequency / factor;
      case RopeScaling.Llama3 llama3 -> llama3(frequency, llama3);
    };
  }

  private static double llama3(double frequency, RopeScaling.Llama3 scaling) {
    double turns = scaling.originalMaxPositions() * frequency / (2 * Math.PI);
    double ramp =
        (turns - scaling.lowFreqFactor()) / (scaling.highFreqFactor() - scaling.lowFreqFactor());
    double kept = Math.clamp(ramp, 0.0, 1.0);
    return (1 - kept) * frequency / scaling.factor() + kept * frequency;
  }
}

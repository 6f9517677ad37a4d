package io.tuneplane.runner.serve.onnx;

import io.tuneplane.model.ModelConfig;

/// The sizes of a decoder's matrices.
public record Shape(ModelConfig config) {

  /// Values that a module reads.
  public int inputs(String module) {
    return switch (module) {
      case "o_proj" -> config.heads() * config.headDim();
      case "down_proj" -> config.intermediateSize();
      default -> config.hiddenSize();
    };
  }

  /// Values that a module gives.
  public int outputs(String module) {
    return switch (module) {
      case "q_proj" -> config.heads() * config.headDim();
      case "k_proj", "v_proj" -> config.kvHeads() * config.headDim();
      case "gate_proj", "up_proj" -> config.intermediateSize();
      case "o_proj", "down_proj" -> config.hiddenSize();
      default -> throw new IllegalArgumentException("no module " + module);
    };
  }

  /// Values that a projection reads.
  public int inputs(Projection projection) {
    return inputs(projection.modules().getFirst());
  }

  /// Values that a projection gives, its modules' side by side.
  public int outputs(Projection projection) {
    return projection.modules().stream().mapToInt(this::outputs).sum();
  }
}

package io.tuneplane.runner.train;

import io.tuneplane.model.ModelConfig;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The linear layers of a block of the Llama family, in the order in which the kernels take them.
enum Projection {
  Q("self_attn.q_proj"),
  K("self_attn.k_proj"),
  V("self_attn.v_proj"),
  O("self_attn.o_proj"),
  GATE("mlp.gate_proj"),
  UP("mlp.up_proj"),
  DOWN("mlp.down_proj");

  /// Projections that read the same input are computed together.
  static final List<List<Projection>> GROUPS =
      List.of(List.of(Q, K, V), List.of(O), List.of(GATE, UP), List.of(DOWN));

  private final String path;

  Projection(String path) {
    this.path = path;
  }

  /// The name within a block, e.g. `self_attn.q_proj`.
  String path() {
    return path;
  }

  /// The name as adapters give it, e.g. `q_proj`.
  String module() {
    return path.substring(path.indexOf('.') + 1);
  }

  int inputs(ModelConfig config) {
    return switch (this) {
      case Q, K, V, GATE, UP -> config.hiddenSize();
      case O -> config.heads() * config.headDim();
      case DOWN -> config.intermediateSize();
    };
  }

  int outputs(ModelConfig config) {
    return switch (this) {
      case Q -> config.heads() * config.headDim();
      case K, V -> config.kvHeads() * config.headDim();
      case GATE, UP -> config.intermediateSize();
      case O, DOWN -> config.hiddenSize();
    };
  }

  /// @throws IllegalArgumentException if there is none of that name
  static Projection named(String module) {
    return Arrays.stream(values())
        .filter(p -> p.module().equals(module))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "lora.target_modules: there is no layer "
                    + module
                    + "; known are "
                    + Arrays.stream(values())
                        .map(Projection::module)
                        .collect(Collectors.joining(", "))));
  }
}

package io.tuneplane.runner.serve.onnx;

import java.util.List;

/// The matrices of one layer, several of which are multiplied as one where they have the same
/// input.
@SuppressWarnings("ImmutableEnumChecker") // the lists are List.of
public enum Projection {
  QKV("self_attn", List.of("q_proj", "k_proj", "v_proj")),
  OUTPUT("self_attn", List.of("o_proj")),
  GATE_UP("mlp", List.of("gate_proj", "up_proj")),
  DOWN("mlp", List.of("down_proj"));

  private final String block;
  private final List<String> modules;

  Projection(String block, List<String> modules) {
    this.block = block;
    this.modules = modules;
  }

  /// The modules in Hugging Face's names (`q_proj`), in the order in which their outputs follow
  /// each other.
  public List<String> modules() {
    return modules;
  }

  /// A module's full name in a layer, e.g. `model.layers.0.self_attn.q_proj`.
  public String path(int layer, String module) {
    return "model.layers.%d.%s.%s".formatted(layer, block, module);
  }

  /// The graph's input that holds the first (`in x rank`) LoRA matrices of this projection.
  public String loraA(int layer) {
    return "lora_a.%d.%s".formatted(layer, name());
  }

  /// The graph's input that holds the second (`rank x out`) LoRA matrices, scale included.
  public String loraB(int layer) {
    return "lora_b.%d.%s".formatted(layer, name());
  }

  /// The graph's input that says which columns of [#loraA] belong to which sequence.
  public String loraMask() {
    return "lora_mask." + name();
  }
}

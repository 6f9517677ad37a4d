package io.tuneplane.runner.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Set;

/// The shape of a LoRA adapter (Hu et al., 2021, arXiv:2106.09685), with PEFT's field names.
///
/// @param r the rank
/// @param alpha the numerator of the scale
/// @param dropout the chance that an input of A is zeroed while training
/// @param targetModules the linear layers that are adapted
/// @param useRslora scale by `alpha / sqrt(r)` (arXiv:2312.03732) instead of `alpha / r`
public record Lora(
    @JsonProperty(required = true) int r,
    @JsonProperty(required = true) double alpha,
    @JsonProperty(required = true) double dropout,
    @JsonProperty(required = true) List<String> targetModules,
    @JsonProperty(required = true) boolean useRslora) {

  public Lora {
    Check.between("lora.r", r, 1, 1024);
    Check.positive("lora.alpha", alpha);
    Check.between("lora.dropout", dropout, 0, 0.99);
    targetModules = List.copyOf(targetModules);
    if (targetModules.isEmpty() || Set.copyOf(targetModules).size() != targetModules.size()) {
      throw new IllegalArgumentException(
          "lora.target_modules must name at least one layer, each once");
    }
    for (String module : targetModules) {
      Projection.named(module);
    }
  }

  /// What `B A x` is multiplied by.
  public double scale() {
    return alpha / (useRslora ? Math.sqrt(r) : r);
  }
}

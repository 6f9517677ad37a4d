package io.tuneplane.backend.kubernetes.sizing;

import io.tuneplane.model.ModelShape;
import java.util.List;

/// What is trained, and how the rest is held.
public sealed interface Tuning {

  /// All weights: fp32 master weights, gradients and Adam's two moments, sharded over all GPUs
  /// (FSDP2).
  record Full() implements Tuning {}

  /// An adapter over frozen weights, which every GPU holds whole (DDP).
  ///
  /// @param rank the adapter's rank
  /// @param modules the linear layers that get one
  /// @param fourBit whether the frozen linear layers are held in four bits (QLoRA, NF4)
  record Lora(int rank, List<String> modules, boolean fourBit) implements Tuning {

    public Lora {
      modules = List.copyOf(modules);
    }

    long parameters(ModelShape shape) {
      long perLayer = modules.stream().mapToLong(module -> sides(shape, module)).sum();
      return shape.layers() * perLayer * rank;
    }

    private static long sides(ModelShape shape, String module) {
      long hidden = shape.hiddenSize();
      return switch (module) {
        case "q_proj", "o_proj" -> hidden + (long) shape.heads() * shape.headDim();
        case "k_proj", "v_proj" -> hidden + (long) shape.kvHeads() * shape.headDim();
        case "gate_proj", "up_proj", "down_proj" -> hidden + shape.intermediateSize();
        default -> throw new IllegalArgumentException("no linear layer is called " + module);
      };
    }
  }

  /// The word for it on the command line and in plans.
  default String word() {
    return switch (this) {
      case Full _ -> "full";
      case Lora lora -> lora.fourBit() ? "QLoRA" : "LoRA";
    };
  }
}

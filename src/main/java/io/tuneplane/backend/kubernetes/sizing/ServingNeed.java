package io.tuneplane.backend.kubernetes.sizing;

import io.tuneplane.backend.kubernetes.sizing.Memory.Use;
import io.tuneplane.model.ModelShape;
import java.util.ArrayList;
import java.util.List;

/// The memory that a vLLM server needs on one GPU, in bf16: weights, keys and values of everything
/// that is answered at once, adapters, and what stays.
///
/// @param shape the model's sizes
/// @param sequences answered at once
/// @param context tokens of each, prompt and answer
/// @param adapters adapters held at once (`max_loras`); 0 for none
/// @param rank the highest rank among them (`max_lora_rank`)
public record ServingNeed(ModelShape shape, int sequences, int context, int adapters, int rank) {

  /// A CUDA context, and the graphs and workspaces that vLLM captures at its start.
  private static final long PROCESS = 2L << 30;

  private static final int BF16 = 2;

  /// The bytes of keys and values of one token, over all GPUs.
  public long cachePerToken() {
    return 2L * shape.layers() * shape.kvHeads() * shape.headDim() * BF16;
  }

  /// What one GPU needs.
  ///
  /// @param gpus GPUs that share one replica (tensor parallel); divides the heads
  public Memory memory(int gpus) {
    long tokens = (long) sequences * context;
    List<Use> uses = new ArrayList<>();
    uses.add(new Use("process", "CUDA context, graphs, workspaces", PROCESS));
    uses.add(
        new Use(
            "weights",
            "%s weights x %d B / %d GPUs"
                .formatted(TrainingNeed.millions(shape.parameters()), BF16, gpus),
            BF16 * shape.parameters() / gpus));
    uses.add(
        new Use(
            "keys and values",
            "%d sequences x %d tokens x %d B / %d GPUs"
                .formatted(sequences, context, cachePerToken(), shards(gpus)),
            tokens * cachePerToken() / shards(gpus)));
    if (adapters > 0) {
      long one = shape.loraParameters(rank);
      uses.add(
          new Use(
              "adapters",
              "%d x %s weights at rank %d x %d B"
                  .formatted(adapters, TrainingNeed.millions(one), rank, BF16),
              BF16 * (long) adapters * one));
    }
    return new Memory(uses);
  }

  /// Keys and values are split by heads, and no further than there are heads of them.
  private int shards(int gpus) {
    return Math.min(gpus, shape.kvHeads());
  }

  /// Whether so many GPUs can share a replica.
  public boolean splitsOver(int gpus) {
    return shape.heads() % gpus == 0
        && (shape.kvHeads() % gpus == 0 || gpus % shape.kvHeads() == 0);
  }
}

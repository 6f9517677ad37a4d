package io.tuneplane.backend.kubernetes.sizing;

/// A kind of GPU node, as far as sizing is concerned.
///
/// @param name what people call it, e.g. `h100`
/// @param memoryBytes the memory of one GPU
/// @param perNode GPUs in one node
/// @param nodes nodes of this kind
public record GpuType(String name, long memoryBytes, int perNode, int nodes) {

  /// What may be filled: the rest is left to the allocator's fragments and to what the driver
  /// keeps. vLLM's default of `gpu_memory_utilization` is the same share.
  private static final double USABLE = 0.9;

  /// The bytes of one GPU that a plan may fill.
  public long usableBytes() {
    return (long) (memoryBytes * USABLE);
  }

  /// GPUs of this kind in the whole cluster.
  public int total() {
    return perNode * nodes;
  }
}

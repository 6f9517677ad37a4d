package io.tuneplane.backend.kubernetes.sizing;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Chooses GPUs for one replica of a server: the fewest of the smallest kind that hold it, all in
/// one node.
///
/// @param types the kinds that there are
public record ServingSizer(List<GpuType> types) {

  public ServingSizer {
    types =
        types.stream()
            .sorted(Comparator.comparingLong(GpuType::memoryBytes).thenComparing(GpuType::name))
            .toList();
  }

  /// A replica's GPUs.
  ///
  /// @param gpu the kind
  /// @param gpus how many share it (vLLM's `tensor-parallel-size`)
  /// @param memory what each holds
  public record Replica(GpuType gpu, int gpus, Memory memory) {}

  /// Chooses; empty where nothing here holds it.
  public Optional<Replica> size(ServingNeed need) {
    return types.stream()
        .flatMap(type ->
            IntStream.iterate(1, n -> n <= type.perNode(), n -> 2 * n)
                .filter(need::splitsOver)
                .mapToObj(n -> new Replica(type, n, need.memory(n))))
        .filter(r -> r.memory().bytes() <= r.gpu().usableBytes())
        .min(Comparator.comparingInt(Replica::gpus).thenComparingLong(r -> r.gpu().memoryBytes()));
  }
}

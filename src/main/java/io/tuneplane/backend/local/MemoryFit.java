package io.tuneplane.backend.local;

import io.tuneplane.config.Settings;
import io.tuneplane.model.MemoryEstimate;
import io.tuneplane.model.MemoryEstimate.Part;
import io.tuneplane.model.MemoryEstimate.Precision;
import io.tuneplane.model.ModelShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whether a model can be trained in this machine's memory at all. Counts what no setting can
/// lower: the process, the weights, the adapter with its optimiser. What the longest example adds
/// is for the runner to say, which has read it by the time it starts.
final class MemoryFit {

  private static final double GIB = 1L << 30;

  /// An adapter's weight, its gradient and Adam's two moments, in 32-bit floats.
  private static final int BYTES_PER_TRAINED_WEIGHT = 16;

  private final Settings.Local settings;
  private final Machine machine;

  MemoryFit(Settings.Local settings, Machine machine) {
    this.settings = settings;
    this.machine = machine;
  }

  /// Why a model does not fit into what is free now, with the figures and what to do; empty where
  /// it does.
  Optional<String> now(ModelShape shape, int rank) {
    return against(shape, rank, settings.memoryBytes().orElseGet(machine::availableMemory), "free");
  }

  /// The same for a machine that does nothing else.
  Optional<String> ever(ModelShape shape, int rank) {
    return against(shape, rank, settings.memoryBytes().orElseGet(machine::totalMemory), "in all");
  }

  /// What no setting lowers: the process, the weights, the adapter with its optimiser.
  static MemoryEstimate fixed(ModelShape shape, int rank) {
    List<Part> parts = new ArrayList<>(MemoryEstimate.toLoad(shape, Precision.FP32).parts());
    parts.add(
        new Part("adapter and optimiser", shape.loraParameters(rank) * BYTES_PER_TRAINED_WEIGHT));
    return new MemoryEstimate(parts);
  }

  private Optional<String> against(ModelShape shape, int rank, long has, String which) {
    MemoryEstimate fixed = fixed(shape, rank);
    long needs = fixed.bytes();
    return needs <= has
        ? Optional.empty()
        : Optional.of(
            "needs at least %s of memory (%s), and %s may be used (%s): %s"
                .formatted(
                    size(needs),
                    fixed.parts().stream()
                        .map(p -> p.what() + " " + size(p.bytes()))
                        .collect(Collectors.joining(", ")),
                    size(has),
                    settings.memoryBytes().isPresent() ? "local.memory" : which,
                    "free some, lower lora_rank, or take a smaller model"));
  }

  private static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
  }
}

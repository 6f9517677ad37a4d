package io.tuneplane.runner.train;

import io.tuneplane.model.ModelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The arithmetic for a job that leaves the choice to us. Told by the processor's features and the
/// model's width, not by a stopwatch: two runs of one job on one machine must give the same bits,
/// however busy it is.
final class FastBf16 {

  /// Instructions that multiply bfloat16 matrices: on a CPU with AMX, a SmolLM2 step was 1.5 times
  /// as fast as at fp32 (`benchmarks/README.md`).
  private static final Set<String> FEATURES = Set.of("amx_bf16", "avx512_bf16");

  /// Narrower models gain nothing: their products are too small.
  private static final int LEAST_WIDTH = 256;

  private static final Path CPU = Path.of("/proc/cpuinfo");

  private FastBf16() {}

  /// The arithmetic for this model on this machine; `fp32` where the machine doesn't say what it
  /// has.
  static Precision choice(ModelConfig config) {
    return choice(config.hiddenSize(), cpuLines());
  }

  static Precision choice(int width, List<String> cpu) {
    boolean fast =
        cpu.stream()
            .filter(line -> line.startsWith("flags"))
            .flatMap(line -> Arrays.stream(line.split(" ", -1)))
            .anyMatch(FEATURES::contains);
    return fast && width >= LEAST_WIDTH ? Precision.BF16 : Precision.FP32;
  }

  private static List<String> cpuLines() {
    if (!Files.isReadable(CPU)) {
      return List.of();
    }
    try {
      return Files.readAllLines(CPU);
    } catch (IOException e) {
      throw new UncheckedIOException(CPU + " can't be read", e);
    }
  }
}

package io.tuneplane.runner.train;

import io.tuneplane.model.ModelConfig;
import io.tuneplane.runner.RunnerException.OutOfMemory;
import java.util.OptionalLong;

/// How much memory a run needs, as a fixed part and a part for each token of a pass, and so how
/// many tokens a pass may have. The figures of `docs/runner.md` check it.
///
/// @param fixed the process, the weights, the adapter and its optimiser, in bytes
/// @param perToken what a pass keeps and works with for each of its tokens, in bytes
record MemoryPlan(long fixed, long perToken) {

  /// Tokens of a pass where memory is no matter: more gain little speed.
  static final int USUAL_PASS = 1024;

  /// Java, libtorch and what lies unused in their heaps, measured.
  private static final long PROCESS = 640L << 20;

  static MemoryPlan of(ModelConfig config, Precision precision, AdapterLayout layout) {
    long hidden = config.hiddenSize();
    long attention = (long) config.heads() * config.headDim();
    long keyValue = 2L * config.kvHeads() * config.headDim();
    long inner = config.intermediateSize();
    long layer = (hidden * (2 * attention + keyValue) + 3 * hidden * inner) * precision.bytes();
    long embedding = (long) config.vocabSize() * hidden * precision.bytes();
    long heads = embedding * (config.tieWordEmbeddings() ? 1 : 2);
    long adapter = 4L * layout.size() * 4 + (long) layout.size() * precision.bytes();
    // While a matrix is loaded it is there twice more, as 32-bit floats.
    long loading = 8 * Math.max((long) config.vocabSize() * hidden, 2 * hidden * inner);
    long logits = 3L * 4 * 128 * config.vocabSize();
    long fixed =
        PROCESS + config.layers() * layer + heads + adapter + Math.max(loading - heads, logits);
    // Kept for each layer: the residual twice, q, k, v, attention's output, gate and up.
    long kept =
        config.layers() * (8 * hidden + precision.bytes() * (2 * attention + keyValue + 2 * inner));
    // At work in one layer: copies of all that in both directions.
    long working = 4L * (6 * hidden + 6 * attention + 3 * keyValue + 9 * inner);
    return new MemoryPlan(fixed, kept + working);
  }

  long bytes(int tokens) {
    return fixed + perToken * tokens;
  }

  /// The tokens of a pass.
  ///
  /// @param limit the job's, if it has one
  /// @param available what the machine has to spare
  /// @param longest the most tokens of one example, which has to fit
  /// @throws OutOfMemory if the longest example does not fit; with the number and what to lower
  int passTokens(OptionalLong limit, long available, int longest) {
    long bytes = Math.min(limit.orElse(Long.MAX_VALUE), available);
    if (bytes(longest) > bytes) {
      throw new OutOfMemory(
          ("this job needs about %d MiB and may use %d MiB: %d MiB for the model, and %d KiB for"
                  + " each of the %d tokens of its longest example. Lower max_length, choose a smaller"
                  + " model, or give it more memory.")
              .formatted(bytes(longest) >> 20, bytes >> 20, fixed >> 20, perToken >> 10, longest));
    }
    return (int) Math.max(longest, Math.min(USUAL_PASS, (bytes - fixed) / perToken));
  }
}

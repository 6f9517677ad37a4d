package io.tuneplane.backend.kubernetes.sizing;

import java.util.List;

/// What a training run gets, or why it gets nothing.
public sealed interface TrainingSize {

  /// It fits.
  ///
  /// @param gpu the kind of GPU
  /// @param gpus GPUs in all
  /// @param nodes pods that they are spread over, evenly
  /// @param passTokens the most tokens of one pass on one GPU
  /// @param memory what one GPU holds then
  /// @param why how it came about, line by line
  record Fits(GpuType gpu, int gpus, int nodes, long passTokens, Memory memory, List<String> why)
      implements TrainingSize {

    public Fits {
      why = List.copyOf(why);
    }

    /// GPUs of one pod.
    public int gpusPerNode() {
      return gpus / nodes;
    }
  }

  /// It does not.
  ///
  /// @param words why, in one sentence, with what to do
  /// @param why the arithmetic, line by line
  record TooLarge(String words, List<String> why) implements TrainingSize {

    public TooLarge {
      why = List.copyOf(why);
    }
  }
}

package io.tuneplane.runner.train;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.Models;
import java.nio.file.Path;

/// Loads the base model's weights whenever they are needed, and keeps its files open no longer than
/// that: mapped pages count as memory of the process.
///
/// @param kernels what the weights are loaded for
/// @param path the model's folder or file
record ModelLoader(Kernels kernels, Path path) {

  /// @param positions the longest sequence that will be passed
  Llama load(Precision precision, int positions) {
    NativeHeap.trim();
    try (BaseModel files = Models.open(path)) {
      ModelConfig config = files.config();
      return new Llama(
          kernels,
          config,
          LlamaWeights.load(kernels, config, files.weights(), precision),
          Math.min(positions, config.maxPositions()));
    }
  }
}

package io.tuneplane.runner.serve.onnx;

/// What the cache holds of each position.
public enum CacheSide {
  KEY,
  VALUE
}

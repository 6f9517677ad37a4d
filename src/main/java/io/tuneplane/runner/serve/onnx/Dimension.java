package io.tuneplane.runner.serve.onnx;

/// One axis of an input or output: a size, or a name for a size that each run chooses.
sealed interface Dimension {

  record Fixed(long size) implements Dimension {}

  record Named(String name) implements Dimension {}

  static Dimension of(long size) {
    return new Fixed(size);
  }

  static Dimension of(String name) {
    return new Named(name);
  }
}

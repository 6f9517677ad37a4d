package io.tuneplane.runner.serve.onnx;

/// A node's attribute.
sealed interface Attribute {

  String name();

  /// A whole number.
  record Whole(String name, long value) implements Attribute {}

  /// A 32-bit float.
  record Real(String name, float value) implements Attribute {}
}

package io.tuneplane.runner.serve.onnx;

import java.lang.foreign.MemorySegment;

/// A constant of the graph whose bytes lie outside of it.
///
/// @param name the name in the graph
/// @param type the elements
/// @param shape the sizes, outermost first
/// @param bytes native memory that stays until the session is closed
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
public record Initializer(String name, ElementType type, long[] shape, MemorySegment bytes) {

  public Initializer {
    long expected = type.bytes();
    for (long size : shape) {
      expected = Math.multiplyExact(expected, size);
    }
    if (bytes.byteSize() != expected) {
      throw new IllegalArgumentException(
          "%s has %d bytes, its shape says %d".formatted(name, bytes.byteSize(), expected));
    }
  }
}

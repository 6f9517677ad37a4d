package io.tuneplane.model;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// A tensor in a model file. Row-major.
public interface Tensor {

  /// The name in Hugging Face's scheme.
  String name();

  /// The sizes, outermost first.
  long[] shape();

  /// How the values are stored in the file.
  DType dtype();

  /// The bytes as they lie in the file (little-endian), where the type is [DType#plain] and the
  /// file's layout is the one promised here; empty otherwise (use [#copyTo]).
  Optional<MemorySegment> raw();

  /// Writes the values as little-endian 32-bit floats, decoded if need be.
  ///
  /// @param target at least `4 * size()` bytes
  void copyTo(MemorySegment target);

  /// The number of values.
  default long size() {
    long n = 1;
    for (long d : shape()) {
      n = Math.multiplyExact(n, d);
    }
    return n;
  }
}

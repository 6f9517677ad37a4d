package io.tuneplane.model;

import java.util.List;

/// A value of a GGUF file's metadata.
sealed interface GgufValue {

  record Whole(long value) implements GgufValue {}

  record Real(double value) implements GgufValue {}

  record Truth(boolean value) implements GgufValue {}

  record Text(String value) implements GgufValue {}

  // Vocabularies are long; never compared or changed.
  @SuppressWarnings("ArrayRecordComponent")
  record Wholes(long[] values) implements GgufValue {}

  record Texts(List<String> values) implements GgufValue {}

  /// A list that nothing here reads (floats, lists of lists): checked, and dropped.
  record Other(long count) implements GgufValue {}
}

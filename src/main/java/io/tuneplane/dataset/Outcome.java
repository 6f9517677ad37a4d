package io.tuneplane.dataset;

import java.util.ArrayList;
import java.util.List;

/// What a batch came to: examples are counted from the batch's first, lines too. Made by one
/// thread, read by another.
final class Outcome {

  /// Something found, whose message waits for the example's number in the file.
  ///
  /// @param column the column in its line from 0, or -1
  record Note(int example, long line, int column, Rule rule, String what) {}

  /// A valid example.
  ///
  /// @param exact tokens by the counter, 0 without one
  /// @param sketch of its words; empty where near-duplicates are not looked for
  /// @param hash of its canonical line
  // An array, since there are millions; never compared or changed.
  @SuppressWarnings("ArrayRecordComponent")
  record Valid(int example, long line, int estimate, int exact, long hash, short[] sketch) {}

  private int examples;
  private final List<Note> errors = new ArrayList<>();
  private final List<Note> warnings = new ArrayList<>();
  private final List<Valid> valid = new ArrayList<>();
  private final ByteSink canonical;
  private final ByteSink kept;

  /// @param bytes about how many bytes of canonical lines there will be
  /// @param keeps whether valid examples are to be written again
  Outcome(int bytes, boolean keeps) {
    canonical = new ByteSink(bytes);
    kept = new ByteSink(keeps ? bytes : 0);
  }

  int nextExample() {
    return examples++;
  }

  int examples() {
    return examples;
  }

  List<Note> errors() {
    return errors;
  }

  List<Note> warnings() {
    return warnings;
  }

  List<Valid> valid() {
    return valid;
  }

  /// All lines as they go into the digest.
  ByteSink canonical() {
    return canonical;
  }

  /// The valid examples, as the runner reads them.
  ByteSink kept() {
    return kept;
  }
}

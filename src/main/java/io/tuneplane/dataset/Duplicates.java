package io.tuneplane.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.OptionalInt;

/// Finds examples that are the same as an earlier one, or almost, in the training file, in the
/// validation file and across the two. What it holds beyond a bound is in temporary files, gone
/// once this is closed. Not safe for many threads.
final class Duplicates implements AutoCloseable {

  private static final int BANDS = 8;
  private static final int ROWS = Sketch.BINS / BANDS;

  /// At most about 45 MB in memory.
  private static final int MOST_HASHES = 400_000;

  private static final int MOST_BANDS = 1_000_000;
  private static final int MOST_SKETCHES = 60_000;

  private final Groups same;
  private final Groups bands;
  private final SketchStore sketches;
  private final BitSet[] known = {new BitSet(), new BitSet()};

  Duplicates(Path scratch) {
    same = new Groups(MOST_HASHES, scratch);
    bands = new Groups(MOST_BANDS, scratch);
    sketches = new SketchStore(MOST_SKETCHES, scratch);
  }

  /// Where findings go: to the training file's or the validation file's.
  interface Sink {
    void add(boolean validation, Finding finding);
  }

  /// @param hash of the canonical example
  /// @param sketch of its words; empty to look for equal examples only
  void add(long position, long hash, short[] sketch) throws IOException {
    same.add(hash, position);
    if (sketch.length == 0) {
      return;
    }
    long number = sketches.add(position, sketch);
    for (int band = 0; band < BANDS; band++) {
      long key = band;
      for (int row = 0; row < ROWS; row++) {
        key = Hash64.mix(key ^ (sketch[band * ROWS + row] & 0xffff));
      }
      bands.add(key, number);
    }
  }

  /// Reports what was found. Ends the adding.
  void report(Sink sink) throws IOException {
    same.forEachPair((first, later) -> found(first, later, Rule.DUPLICATE, "the same as ", sink));
    bands.forEachPair((first, later) -> compare(first, later, sink));
  }

  private void compare(long first, long later, Sink sink) {
    try {
      SketchStore.Entry b = sketches.get(later);
      if (isKnown(b.position())) {
        return;
      }
      SketchStore.Entry a = sketches.get(first);
      if (Sketch.alike(a.sketch(), b.sketch())) {
        found(a.position(), b.position(), Rule.NEAR_DUPLICATE, "almost the same as ", sink);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void found(long first, long later, Rule rule, String how, Sink sink) {
    boolean validation = Position.validation(later);
    boolean across = validation && !Position.validation(first);
    known[validation ? 1 : 0].set(Math.toIntExact(Position.example(later)));
    String message =
        "Example "
            + Position.example(later)
            + ": "
            + how
            + (across ? "training " : "")
            + Position.text(first);
    sink.add(
        validation,
        new Finding(
            java.util.OptionalLong.of(Position.example(later)),
            Position.line(later),
            OptionalInt.empty(),
            across ? Rule.LEAKAGE : rule,
            message));
  }

  private boolean isKnown(long position) {
    return known[Position.validation(position) ? 1 : 0].get(
        Math.toIntExact(Position.example(position)));
  }

  @Override
  public void close() throws IOException {
    try (same;
        bands) {
      sketches.close();
    }
  }
}

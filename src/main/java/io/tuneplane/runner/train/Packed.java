package io.tuneplane.runner.train;

import io.tuneplane.dataset.Encoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sequences packed for one pass. Their tokens lie one after another; each keeps its own positions
/// and sees only itself. Tokens and rows are filled up to round numbers, the tokens with a sequence
/// of which nothing is learnt, the rows with ones that weigh nothing: shapes that return let
/// libtorch use memory and compiled kernels again.
///
/// @param ids the tokens
/// @param positions each token's place in its sequence
/// @param slots each token's row when sequences are padded to the longest; empty where all are of
///   one length, so that nothing is to be moved
/// @param rows where a learnt token is predicted: the place of the token before it
/// @param targets the learnt tokens
/// @param learnt how many of `rows` and `targets` are real
/// @param sequences how many there are
/// @param longest the longest one's length
/// @param firstRow for each sequence, where its part of `rows` begins; one more for the end
// Arrays, as libtorch takes them; never compared or changed.
@SuppressWarnings("ArrayRecordComponent")
record Packed(
    long[] ids,
    long[] positions,
    long[] slots,
    long[] rows,
    long[] targets,
    int learnt,
    int sequences,
    int longest,
    int[] firstRow) {

  /// Tokens come in multiples of this; the filling sequence is shorter.
  static final int ROUND_TOKENS = 64;

  private static final int ROUND_ROWS = 32;

  static Packed of(List<Sequence> sequences) {
    int tokens = sequences.stream().mapToInt(Sequence::length).sum();
    int missing = Math.floorMod(-tokens, ROUND_TOKENS);
    List<Sequence> all = new ArrayList<>(sequences);
    if (missing > 0) {
      all.add(Sequence.of(new Encoded(new int[missing], new boolean[missing], false)));
    }
    return new Packer(all).packed();
  }

  /// Weights of the learnt tokens, filled up with zeros.
  float[] weights(float[] learntWeights) {
    return Arrays.copyOf(learntWeights, targets.length);
  }

  private static final class Packer {
    private final List<Sequence> sequences;
    private final int longest;
    private final long[] ids;
    private final long[] positions;
    private final long[] slots;
    private final long[] rows;
    private final long[] targets;
    private final int[] firstRow;
    private int token;
    private int row;

    Packer(List<Sequence> sequences) {
      this.sequences = sequences;
      longest = sequences.stream().mapToInt(Sequence::length).max().orElseThrow();
      int n = sequences.stream().mapToInt(Sequence::length).sum();
      int learnt = sequences.stream().mapToInt(Sequence::targets).sum();
      int filled = Math.ceilDiv(learnt, ROUND_ROWS) * ROUND_ROWS;
      ids = new long[n];
      positions = new long[n];
      slots = new long[n];
      rows = new long[filled];
      targets = new long[filled];
      firstRow = new int[sequences.size() + 1];
    }

    Packed packed() {
      for (int i = 0; i < sequences.size(); i++) {
        firstRow[i] = row;
        add(sequences.get(i), i);
      }
      firstRow[sequences.size()] = row;
      boolean even = ids.length == sequences.size() * longest;
      return new Packed(
          ids,
          positions,
          even ? new long[0] : slots,
          rows,
          targets,
          row,
          sequences.size(),
          longest,
          firstRow);
    }

    private void add(Sequence sequence, int index) {
      for (int t = 0; t < sequence.length(); t++, token++) {
        ids[token] = sequence.token(t);
        positions[token] = t;
        slots[token] = (long) index * longest + t;
        if (sequence.learnt(t)) {
          rows[row] = token - 1L;
          targets[row++] = sequence.token(t);
        }
      }
    }
  }
}

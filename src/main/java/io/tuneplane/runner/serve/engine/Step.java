package io.tuneplane.runner.serve.engine;

/// One pass over the decoder, for neighbouring slots.
///
/// @param firstSlot the slot of the first sequence
/// @param tokens for each sequence the new tokens, equally many
/// @param totals for each sequence the tokens that it has after this step
/// @param rows for each sequence the positions in `tokens` whose logits are wanted, equally many
@SuppressWarnings("ArrayRecordComponent") // made for one call
record Step(int firstSlot, int[][] tokens, int[] totals, int[][] rows) {

  int batch() {
    return tokens.length;
  }

  int length() {
    return tokens[0].length;
  }

  int rowCount() {
    return rows[0].length;
  }

  long[] flatTokens() {
    return flat(tokens);
  }

  long[] flatRows() {
    return flat(rows);
  }

  int[] lastPositions() {
    int[] last = totals.clone();
    for (int i = 0; i < last.length; i++) {
      last[i]--;
    }
    return last;
  }

  int longest() {
    int longest = 0;
    for (int total : totals) {
      longest = Math.max(longest, total);
    }
    return longest;
  }

  private static long[] flat(int[][] values) {
    long[] flat = new long[values.length * values[0].length];
    int i = 0;
    for (int[] row : values) {
      for (int value : row) {
        flat[i++] = value;
      }
    }
    return flat;
  }
}

package io.tuneplane.dataset;

import java.util.Arrays;

/// A small fingerprint of an example's words, by which near-duplicates are found: a MinHash over
/// sequences of three words (Broder, 1997), computed with one hash a sequence and 64 bins (Li, Owen
/// and Zhang, "One Permutation Hashing", 2012; empty bins borrow from the next one that is not,
/// Shrivastava and Li, 2014).
///
/// Words are runs of letters and digits, ASCII letters in lower case; every character from U+3000
/// on is a word, since its scripts put no space between words. System turns are left out: many
/// examples share theirs. So two texts that differ in punctuation, white space and case alone are
/// the same.
final class Sketch implements Content.Bytes {

  static final int BINS = 64;

  /// Two examples are near-duplicates if this many of 64 bins agree: about nine in ten of the
  /// three-word sequences of both together are in both.
  static final int ALIKE = 58;

  private static final long NOTHING = -1L;

  private final long[] bins = new long[BINS];
  private long before;
  private long previous;
  private int words;

  /// The sketch, or none where the example has no words.
  ///
  /// @return 64 bins, or an empty array
  short[] of(Draft draft) {
    Arrays.fill(bins, NOTHING);
    words = 0;
    before = 0;
    previous = 0;
    draft.forEachTurn(this::add);
    if (words == 0) {
      return new short[0];
    }
    if (words < 3) {
      shingle(before, previous, 1);
    }
    return densified();
  }

  static boolean alike(short[] a, short[] b) {
    int same = 0;
    for (int i = 0; i < BINS; i++) {
      same += a[i] == b[i] ? 1 : 0;
    }
    return same >= ALIKE;
  }

  private void add(Turn turn) {
    if (!turn.role().equals("system")) {
      turn.content().utf8(this);
    }
  }

  @Override
  public void read(byte[] bytes, int start, int end, boolean escapes) {
    long word = 0;
    for (int i = start; i < end; i++) {
      int b = bytes[i];
      if (letterOrDigit(b)) {
        word = Long.rotateLeft(word, 9) + b + 0x101;
      } else if (b >= 'A' && b <= 'Z') {
        word = Long.rotateLeft(word, 9) + (b | 0x20) + 0x101;
      } else {
        if (word != 0) {
          word(word);
          word = 0;
        }
        if (b < 0) {
          int length = (b & 0xff) >= 0xf0 ? 4 : 3;
          word(wide(bytes, i, Math.min(i + length, end)));
          i += length - 1;
        } else if (b == '\\' && escapes) {
          i++;
        }
      }
    }
    if (word != 0) {
      word(word);
    }
  }

  /// Letters beyond ASCII are taken as they are, in the scripts that put spaces between words.
  private static boolean letterOrDigit(int b) {
    return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || (b < 0 && (b & 0xff) < 0xe3);
  }

  private static long wide(byte[] bytes, int from, int to) {
    long word = 0;
    for (int i = from; i < to; i++) {
      word = (word << 8) | (bytes[i] & 0xff);
    }
    return word;
  }

  private void word(long word) {
    words++;
    if (words > 2) {
      shingle(before, previous, word);
    }
    before = previous;
    previous = word;
  }

  private void shingle(long a, long b, long c) {
    long h = Hash64.mix(a * 0x9E3779B97F4A7C15L + Long.rotateLeft(b, 21) * 0x2545F4914F6CDD1DL + c);
    int bin = (int) (h >>> 58);
    long value = h & 0x3ffffffffffffffL;
    if (bins[bin] == NOTHING || value < bins[bin]) {
      bins[bin] = value;
    }
  }

  private short[] densified() {
    short[] sketch = new short[BINS];
    for (int i = 0; i < BINS; i++) {
      int away = 0;
      while (bins[(i + away) % BINS] == NOTHING) {
        away++;
      }
      sketch[i] = (short) Hash64.mix(bins[(i + away) % BINS] + away);
    }
    return sketch;
  }
}

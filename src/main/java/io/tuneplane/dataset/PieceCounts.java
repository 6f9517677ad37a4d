package io.tuneplane.dataset;

import com.knuddels.jtokkit.api.Encoding;

/// Counts the tokens of texts in `o200k_base`: cuts them into pieces and remembers how many tokens
/// each short piece is, since the same words come again and again. What is not remembered is
/// counted by jtokkit, so the counts are its counts. About 2.2 MB. Not safe for many threads.
///
/// A piece is its own key, packed into two numbers with its count: up to 15 characters of Latin-1,
/// or up to 7 others.
final class PieceCounts {

  private static final int SETS = 1 << 15;

  /// Places in a set where a key may be.
  private static final int WAYS = 4;

  private static final int LATIN = 15;
  private static final int WIDE = 7;

  // The upper number of a key: seven characters, its count, its length, and whether it is wide.
  private static final int COUNT_SHIFT = 56;
  private static final int LENGTH_SHIFT = 59;
  private static final long WIDE_MARK = 1L << 63;
  private static final long COUNT = 7L << COUNT_SHIFT;

  /// The highest count that is remembered.
  private static final int MOST = 7;

  /// The longest text whose buffer is used again.
  private static final int USUAL_TEXT = 1 << 16;

  private final Encoding encoding;
  private final long[] keys = new long[2 * WAYS * SETS];
  private final char[] usual = new char[USUAL_TEXT];
  private int evicted;

  /// @param encoding `o200k_base`
  PieceCounts(Encoding encoding) {
    this.encoding = encoding;
  }

  int count(String text) {
    int length = text.length();
    char[] chars = length <= USUAL_TEXT ? usual : new char[length];
    text.getChars(0, length, chars, 0);
    int tokens = 0;
    int at = 0;
    while (at < length) {
      int end = O200kPieces.end(chars, at, length);
      tokens += count(chars, at, end);
      at = end;
    }
    return tokens;
  }

  private int count(char[] text, int from, int to) {
    if (to - from > LATIN) {
      return counted(text, from, to);
    }
    long low = 0;
    long high = (long) (to - from) << LENGTH_SHIFT;
    int all = 0;
    int half = Math.min(to, from + 8);
    for (int i = half - 1; i >= from; i--) {
      low = low << 8 | text[i];
      all |= text[i];
    }
    for (int i = half, shift = 0; i < to; i++, shift += 8) {
      high |= (long) text[i] << shift;
      all |= text[i];
    }
    return all < 0x100 ? remembered(low, high, text, from, to) : wide(text, from, to);
  }

  private int wide(char[] text, int from, int to) {
    if (to - from > WIDE) {
      return counted(text, from, to);
    }
    long low = 0;
    long high = WIDE_MARK | (long) (to - from) << LENGTH_SHIFT;
    for (int i = from, shift = 0; i < to; i++, shift += 16) {
      if (shift < 64) {
        low |= (long) text[i] << shift;
      } else {
        high |= (long) text[i] << (shift - 64);
      }
    }
    return remembered(low, high, text, from, to);
  }

  private int remembered(long low, long high, char[] text, int from, int to) {
    int set = (int) (Hash64.mix(low ^ high * 0x9E3779B97F4A7C15L) >>> 49) * 2 * WAYS;
    for (int at = set; at < set + 2 * WAYS; at += 2) {
      long known = keys[at + 1];
      if ((known & ~COUNT) == high && keys[at] == low) {
        return (int) ((known & COUNT) >>> COUNT_SHIFT);
      }
      if (known == 0) {
        return remember(at, low, high, counted(text, from, to));
      }
    }
    evicted = (evicted + 1) % WAYS;
    return remember(set + 2 * evicted, low, high, counted(text, from, to));
  }

  private int remember(int at, long low, long high, int count) {
    if (count <= MOST) {
      keys[at] = low;
      keys[at + 1] = high | (long) count << COUNT_SHIFT;
    }
    return count;
  }

  private int counted(char[] text, int from, int to) {
    return encoding.countTokensOrdinary(new String(text, from, to - from));
  }
}

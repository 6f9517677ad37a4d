package io.tuneplane.dataset;

import com.knuddels.jtokkit.api.Encoding;

/// Counts the tokens of texts in `o200k_base`: cuts them into pieces and remembers how many tokens
/// each short piece is, since the same words come again and again. What is not remembered is
/// counted by jtokkit, so the counts are its counts. About 2.3 MB. Not safe for many threads.
final class PieceCounts {

  private static final int SLOTS = 1 << 16;

  /// The longest piece that is remembered, in characters. Words of a text are shorter.
  private static final int LONGEST = 16;

  /// The longest text whose buffer is used again.
  private static final int USUAL_TEXT = 1 << 16;

  private final Encoding encoding;
  private final char[] pieces = new char[SLOTS * LONGEST];
  private final byte[] lengths = new byte[SLOTS];
  private final byte[] counts = new byte[SLOTS];
  private final char[] usual = new char[USUAL_TEXT];

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
      tokens += end - at <= LONGEST ? remembered(chars, at, end) : counted(chars, at, end);
      at = end;
    }
    return tokens;
  }

  private int remembered(char[] text, int from, int to) {
    int length = to - from;
    int slot = slot(text, from, to);
    int known = slot * LONGEST;
    if (lengths[slot] == length && same(text, from, known, length)) {
      return counts[slot];
    }
    int count = counted(text, from, to);
    // At most three bytes a character, and a token is a byte or more: 48 fit.
    System.arraycopy(text, from, pieces, known, length);
    lengths[slot] = (byte) length;
    counts[slot] = (byte) count;
    return count;
  }

  private boolean same(char[] text, int from, int known, int length) {
    for (int i = 0; i < length; i++) {
      if (text[from + i] != pieces[known + i]) {
        return false;
      }
    }
    return true;
  }

  private static int slot(char[] text, int from, int to) {
    long hash = to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + text[i];
    }
    return (int) (hash * 0x9E3779B97F4A7C15L >>> 48);
  }

  private int counted(char[] text, int from, int to) {
    return encoding.countTokensOrdinary(new String(text, from, to - from));
  }
}

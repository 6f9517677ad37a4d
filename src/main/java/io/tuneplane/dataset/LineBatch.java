package io.tuneplane.dataset;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Lines of JSONL.
///
/// @param bytes whole lines, the last perhaps without its end, and zeros as padding
/// @param length the bytes without the padding
// An array, since this is where the bytes go; never compared.
@SuppressWarnings("ArrayRecordComponent")
record LineBatch(byte[] bytes, int length, long lines) implements Batch {

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static LineBatch of(byte[] bytes, int length) {
    return new LineBatch(bytes, length, count(bytes, length));
  }

  @Override
  public void forEach(Visitor visitor) {
    long line = 0;
    for (int start = 0; start < length; line++) {
      int end = lineEnd(bytes, start, length);
      if (!blank(start, end)) {
        visitor.record(bytes, start, end, line, 0);
      }
      start = end + 1;
    }
  }

  private boolean blank(int start, int end) {
    int i = start;
    while (i < end && JsonTape.isSpace(bytes[i])) {
      i++;
    }
    return i == end;
  }

  private static long count(byte[] bytes, int length) {
    long n = 0;
    for (int i = lineEnd(bytes, 0, length); i < length; i = lineEnd(bytes, i + 1, length)) {
      n++;
    }
    return n;
  }

  /// Where the line ends, eight bytes at a time.
  private static int lineEnd(byte[] bytes, int from, int length) {
    int i = from;
    while (i + 8 <= length) {
      long word = (long) LONGS.get(bytes, i) ^ (ONES * '\n');
      long found = (word - ONES) & ~word & HIGHS;
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      i += 8;
    }
    while (i < length && bytes[i] != '\n') {
      i++;
    }
    return i;
  }
}

package io.tuneplane.dataset;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A fast 64-bit hash, for finding equal examples and for splits; not for security. Two of a
/// million different examples are taken for equal with a chance of about 3 in 10^8.
final class Hash64 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long A = 0x9E3779B97F4A7C15L;
  private static final long B = 0xD6E8FEB86659FD93L;

  private Hash64() {}

  static long of(byte[] bytes, int start, int end, long seed) {
    long h = seed ^ (A * (end - start));
    int i = start;
    for (; i + 16 <= end; i += 16) {
      long low = (long) LONGS.get(bytes, i) ^ A ^ h;
      long high = (long) LONGS.get(bytes, i + 8) ^ B;
      h = fold(low, high) + A;
    }
    long tail = 0;
    for (int shift = 0; i < end; i++, shift += 8) {
      tail ^= (bytes[i] & 0xffL) << shift;
      if (shift == 56) {
        h = fold(tail ^ A ^ h, B);
        tail = 0;
        shift = -8;
      }
    }
    return mix(fold(tail ^ A ^ h, B ^ (end - start)));
  }

  /// Spreads every bit over all others (the finaliser of SplitMix64).
  static long mix(long h) {
    long x = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
  }
}

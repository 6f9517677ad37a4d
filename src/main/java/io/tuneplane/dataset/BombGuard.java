package io.tuneplane.dataset;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Stops a small packed file that expands without end. Text of conversations packs 5 to 50 times;
/// gzip can do 1,000 times at most, zstd far more. Small outputs pass whatever their ratio.
final class BombGuard extends FilterInputStream {

  static final long FREE_BYTES = 128L << 20;
  static final long MAX_RATIO = 300;

  private final CountingStream packed;
  private long unpacked;

  BombGuard(InputStream in, CountingStream packed) {
    super(in);
    this.packed = packed;
  }

  @Override
  public int read() throws IOException {
    int b = unpacked(super::read);
    passed(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = unpacked(() -> super.read(bytes, offset, length));
    passed(Math.max(n, 0));
    return n;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private interface Read {
    int run() throws IOException;
  }

  private static int unpacked(Read read) throws IOException {
    try {
      return read.run();
    } catch (IOException e) {
      throw new IOException("the packed data is broken: " + e.getMessage(), e);
    }
  }

  private void passed(int n) {
    unpacked += n;
    if (unpacked > FREE_BYTES && unpacked / MAX_RATIO > packed.count()) {
      throw new DataException(
          "the file unpacks to more than "
              + MAX_RATIO
              + " times its size, as decompression bombs do; unpack it first if it is meant so");
    }
  }
}

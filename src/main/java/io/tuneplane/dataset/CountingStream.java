package io.tuneplane.dataset;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/// Counts the bytes that pass, and tells of them about once a megabyte. Not safe for many threads.
final class CountingStream extends FilterInputStream {

  private static final long EVERY = 1 << 20;

  private final LongConsumer progress;
  private long count;
  private long told;

  CountingStream(InputStream in, LongConsumer progress) {
    super(in);
    this.progress = progress;
  }

  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    passed(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    passed(Math.max(n, 0));
    return n;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void passed(int n) {
    count += n;
    if (count - told >= EVERY) {
      told = count;
      progress.accept(count);
    }
  }
}

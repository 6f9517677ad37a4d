package io.tuneplane.runner.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The first bytes of a stream.
final class Part extends FilterInputStream {

  private long left;

  Part(InputStream in, long length) {
    super(in);
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = super.read(into, offset, (int) Math.min(length, left));
    left -= Math.max(0, n);
    return n;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}

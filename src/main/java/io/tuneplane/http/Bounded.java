package io.tuneplane.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Passes a stream on up to a number of bytes, and refuses one that is longer.
final class Bounded extends FilterInputStream {

  private final long most;
  private long seen;

  Bounded(InputStream in, long most) {
    super(in);
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n = super.read(into, offset, length);
    seen += Math.max(0, n);
    if (seen > most) {
      throw Refusal.of(413, "file_too_large", "The file is longer than %d bytes.".formatted(most));
    }
    return n;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}

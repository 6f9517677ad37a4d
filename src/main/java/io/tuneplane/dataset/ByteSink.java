package io.tuneplane.dataset;

import java.util.Arrays;

/// Bytes that grow. Not safe for many threads.
final class ByteSink {

  private byte[] bytes;
  private int length;

  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  void add(byte b) {
    grow(1);
    bytes[length++] = b;
  }

  void add(byte[] from, int start, int end) {
    grow(end - start);
    System.arraycopy(from, start, bytes, length, end - start);
    length += end - start;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void cutTo(int length) {
    this.length = length;
  }

  private void grow(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}

package io.tuneplane.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// The end of a file of lines: its last two whole lines, and what a crash may have left after them.
///
/// @param lineBefore the line before the last one; empty where there is none
/// @param lastLine the last line that ends in a line break, without it; empty where there is none
/// @param wholeBytes how many bytes the whole lines take
/// @param torn the bytes after the last line break; none in a file that was closed well
record AuditTail(String lineBefore, String lastLine, long wholeBytes, Torn torn) {

  /// Half a line.
  ///
  /// @param bytes how many bytes it has
  /// @param sha256 their SHA-256, in hex
  record Torn(int bytes, String sha256) {}

  private static final int STEP = 8192;

  /// Reads backwards, only as far as it must.
  static AuditTail read(FileChannel channel) throws IOException {
    long size = channel.size();
    for (long window = STEP; ; window *= 2) {
      int length = (int) Math.min(window, size);
      byte[] bytes = read(channel, size - length, length);
      int end = lastBreak(bytes, bytes.length);
      int start = lastBreak(bytes, end);
      int before = lastBreak(bytes, start);
      if (length == size || before >= 0) {
        return new AuditTail(
            text(bytes, before, start),
            text(bytes, start, end),
            size - length + end + 1,
            torn(Arrays.copyOfRange(bytes, end + 1, bytes.length)));
      }
    }
  }

  /// What stands between two line breaks; nothing where the second is missing.
  private static String text(byte[] bytes, int after, int before) {
    return before < 0 ? "" : new String(bytes, after + 1, before - after - 1, UTF_8);
  }

  private static byte[] read(FileChannel channel, long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {}
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  boolean isTorn() {
    return torn.bytes() > 0;
  }

  private static Torn torn(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Torn(bytes.length, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// The last line break before `limit`, or -1.
  private static int lastBreak(byte[] bytes, int limit) {
    int at = limit - 1;
    while (at >= 0 && bytes[at] != '\n') {
      at--;
    }
    return at;
  }
}

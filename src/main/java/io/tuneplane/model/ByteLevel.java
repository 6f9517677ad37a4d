package io.tuneplane.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// GPT-2's byte-level alphabet: each byte is written as one printable character, the printable ones
/// of Latin-1 as themselves, the rest from U+0100 on (`bytes_to_unicode` of GPT-2's encoder).
final class ByteLevel {

  private static final char[] CHARS = chars();
  private static final int[] BYTES = bytes();

  private ByteLevel() {}

  /// The character that stands for a byte.
  static char charOf(int unsignedByte) {
    return CHARS[unsignedByte];
  }

  /// The alphabet's writing of a text.
  static String write(String text) {
    StringBuilder written = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      written.append(CHARS[b & 0xff]);
    }
    return written.toString();
  }

  /// The bytes that a token stands for. A token with a character outside the alphabet (an added
  /// token with a space, say) stands for itself.
  static byte[] read(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = token.charAt(i);
      int value = c < BYTES.length ? BYTES[c] : -1;
      if (value < 0) {
        return token.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  private static char[] chars() {
    char[] chars = new char[256];
    char next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      chars[b] = printable ? (char) b : next++;
    }
    return chars;
  }

  private static int[] bytes() {
    int[] bytes = new int[512];
    Arrays.fill(bytes, -1);
    for (int b = 0; b < 256; b++) {
      bytes[CHARS[b]] = b;
    }
    return bytes;
  }
}

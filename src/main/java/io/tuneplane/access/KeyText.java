package io.tuneplane.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/// How a key looks: `tp-`, 32 random bytes in 43 base62 characters, and 6 that check them, so that
/// a slip of the pen and a secret scanner both know one without asking.
final class KeyText {

  static final String PREFIX = "tp-";

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(ALPHABET.length());
  private static final int BYTES = 32;
  private static final int BODY = 43;
  private static final int CHECK = 6;
  private static final int LENGTH = PREFIX.length() + BODY + CHECK;
  private static final int HINT = 8;

  private KeyText() {}

  /// A new key.
  ///
  /// @param random must be one that nobody can foresee
  static String draw(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String body = PREFIX + base62(new BigInteger(1, bytes), BODY);
    return body + check(body);
  }

  /// Whether a text has the form of a key.
  static boolean isWhole(String text) {
    if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
      return false;
    }
    String body = text.substring(0, LENGTH - CHECK);
    return text.substring(LENGTH - CHECK).equals(check(body));
  }

  /// What may be shown of a key, to tell it from others.
  static String hint(String key) {
    return key.substring(0, HINT);
  }

  private static String check(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(US_ASCII));
    return base62(BigInteger.valueOf(crc.getValue()), CHECK);
  }

  private static String base62(BigInteger number, int length) {
    char[] text = new char[length];
    BigInteger rest = number;
    for (int i = length - 1; i >= 0; i--) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      text[i] = ALPHABET.charAt(parts[1].intValue());
      rest = parts[0];
    }
    return new String(text);
  }
}

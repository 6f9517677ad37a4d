package io.tuneplane.model.jinja;

import java.math.BigInteger;
import java.util.Locale;

/// Numbers and strings as templates write them.
final class Literals {

  /// Python refuses to read more digits than that.
  private static final int MAX_DIGITS = 4300;

  private Literals() {}

  /// A number that was read.
  ///
  /// @param end the index after it
  record Numeral(Object value, int end) {}

  /// The number that begins at this digit.
  static Numeral number(String source, int at) {
    int whole = digits(source, at, 10);
    boolean afterDot = at > 0 && source.charAt(at - 1) == '.';
    int end = afterDot ? whole : floatEnd(source, whole);
    if (end > whole) {
      return new Numeral(Double.parseDouble(plain(source, at, end)), end);
    }
    return integer(source, at);
  }

  private static int floatEnd(String source, int whole) {
    int end = whole;
    if (source.startsWith(".", whole)) {
      int fraction = digits(source, whole + 1, 10);
      end = fraction > whole + 1 ? fraction : whole;
    }
    if (end < source.length() && Character.toLowerCase(source.charAt(end)) == 'e') {
      int sign = end + 1 < source.length() && "+-".indexOf(source.charAt(end + 1)) >= 0 ? 2 : 1;
      int exponent = digits(source, end + sign, 10);
      end = exponent > end + sign ? exponent : end;
    }
    return end;
  }

  private static Numeral integer(String source, int at) {
    int radix =
        switch (source.substring(at, Math.min(at + 2, source.length())).toLowerCase(Locale.ROOT)) {
          case "0x" -> 16;
          case "0o" -> 8;
          case "0b" -> 2;
          default -> 10;
        };
    int first = radix == 10 ? at : at + (source.startsWith("_", at + 2) ? 3 : 2);
    int end = digits(source, first, radix);
    if (radix != 10 && end == first) {
      return new Numeral(0L, at + 1);
    }
    if (radix == 10 && source.charAt(at) == '0') {
      return new Numeral(0L, zeros(source, at));
    }
    String digits = plain(source, first, end);
    if (digits.length() > MAX_DIGITS) {
      throw new Fault("a number of more than " + MAX_DIGITS + " digits");
    }
    return new Numeral(Arithmetic.normal(new BigInteger(digits, radix)), end);
  }

  private static int zeros(String source, int at) {
    int end = at;
    while (source.startsWith("0", end) || (source.startsWith("_0", end) && end > at)) {
      end++;
    }
    return end;
  }

  private static String plain(String source, int from, int to) {
    return source.substring(from, to).replace("_", "");
  }

  /// The index after the digits here, which single underscores may part.
  private static int digits(String source, int from, int radix) {
    int end = from;
    while (isDigit(source, end, radix)
        || (end > from && source.startsWith("_", end) && isDigit(source, end + 1, radix))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(String source, int at, int radix) {
    return at < source.length()
        && source.charAt(at) < 128
        && Character.digit(source.charAt(at), radix) >= 0;
  }

  /// The index after the string that begins here, or -1 if it doesn't end.
  static int stringEnd(String source, int at) {
    char quote = source.charAt(at);
    for (int i = at + 1; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    return -1;
  }

  /// The string that an inside of quotes stands for: Python's escapes, decoded as `unicode-escape`
  /// does.
  static String unescape(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder text = new StringBuilder(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i++);
      if (c == '\\' && i < raw.length()) {
        i = escape(raw, i, text);
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  /// Decodes the escape whose letter stands here; returns the index after it.
  private static int escape(String raw, int at, StringBuilder text) {
    char c = raw.charAt(at);
    int simple = "\\'\"abfnrtv".indexOf(c);
    if (simple >= 0) {
      text.append("\\'\"\007\b\f\n\r\t\013".charAt(simple));
      return at + 1;
    }
    if (c >= '0' && c <= '7') {
      return octal(raw, at, text);
    }
    return switch (c) {
      case '\n' -> at + 1;
      case 'x' -> hex(raw, at, 2, text);
      case 'u' -> hex(raw, at, 4, text);
      case 'U' -> hex(raw, at, 8, text);
      case 'N' -> named(raw, at, text);
      default -> other(raw, at, text);
    };
  }

  private static int octal(String raw, int at, StringBuilder text) {
    int end = at;
    while (end < raw.length() && end < at + 3 && isDigit(raw, end, 8)) {
      end++;
    }
    text.append((char) Integer.parseInt(raw.substring(at, end), 8));
    return end;
  }

  private static int hex(String raw, int at, int length, StringBuilder text) {
    int end = at + 1 + length;
    for (int i = at + 1; i < end; i++) {
      if (!isDigit(raw, i, 16)) {
        throw new Fault("truncated \\" + raw.charAt(at) + " escape");
      }
    }
    long point = Long.parseLong(raw.substring(at + 1, end), 16);
    if (point > Character.MAX_CODE_POINT) {
      throw new Fault("illegal Unicode character");
    }
    text.appendCodePoint((int) point);
    return end;
  }

  private static int named(String raw, int at, StringBuilder text) {
    int end = raw.indexOf('}', at);
    if (!raw.startsWith("{", at + 1) || end < 0) {
      throw new Fault("malformed \\N character escape");
    }
    try {
      text.appendCodePoint(Character.codePointOf(raw.substring(at + 2, end)));
    } catch (IllegalArgumentException e) {
      throw new Fault("unknown Unicode character name");
    }
    return end + 1;
  }

  /// A backslash before anything else stays. Python writes what isn't ASCII as an escape first, and
  /// then doesn't read that one back, since its backslash is taken.
  private static int other(String raw, int at, StringBuilder text) {
    int point = raw.codePointAt(at);
    text.append('\\');
    if (point < 128) {
      text.appendCodePoint(point);
    } else if (point < 256) {
      text.append(String.format(Locale.ROOT, "x%02x", point));
    } else if (point < 65536) {
      text.append(String.format(Locale.ROOT, "u%04x", point));
    } else {
      text.append(String.format(Locale.ROOT, "U%08x", point));
    }
    return at + Character.charCount(point);
  }
}

package io.tuneplane.dataset;

import java.util.SortedSet;

/// Strings as Python prints them, since the section's messages hold a Python set.
final class PythonText {

  private static final int MOST = 20;
  private static final int LONGEST = 64;

  private PythonText() {}

  /// A set, sorted; one that is too long for a message is cut.
  static String set(SortedSet<String> values) {
    StringBuilder out = new StringBuilder("{");
    int n = 0;
    for (String value : values) {
      if (n == MOST) {
        out.append(", ...");
        break;
      }
      out.append(n++ == 0 ? "" : ", ").append(string(value));
    }
    return out.append('}').toString();
  }

  /// A string, in single quotes unless it holds one and no double quote.
  static String string(String text) {
    int length = text.codePointCount(0, text.length());
    String shown =
        length > LONGEST ? text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "..." : text;
    char quote = shown.contains("'") && !shown.contains("\"") ? '"' : '\'';
    StringBuilder out = new StringBuilder().append(quote);
    shown.codePoints().forEach(c -> append(c, quote, out));
    return out.append(quote).toString();
  }

  private static void append(int c, char quote, StringBuilder out) {
    switch (c) {
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c == quote) {
          out.append('\\').append(quote);
        } else if (printable(c)) {
          out.appendCodePoint(c);
        } else {
          out.append((c > 0xffff ? "\\U%08x" : c > 0xff ? "\\u%04x" : "\\x%02x").formatted(c));
        }
      }
    }
  }

  private static boolean printable(int c) {
    return c == ' '
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SPACE_SEPARATOR ->
              false;
          default -> true;
        };
  }
}

package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Strings as Python sees them: sequences of code points, with Unicode's white space.
final class Text {

  private Text() {}

  /// Python's `str.isspace` for one character; all white space lies in the basic plane.
  static boolean isSpace(char c) {
    return switch (c) {
      case ' ', '\t', '\n', '\u000b', '\f', '\r', '\u001c', '\u001d', '\u001e', '\u001f' -> true;
      case '\u0085', '\u00a0', '\u1680', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000' -> true;
      default -> c >= '\u2000' && c <= '\u200a';
    };
  }

  /// Whether there is white space and nothing else.
  static boolean isSpace(String text) {
    return !text.isEmpty() && stripLeading(text).isEmpty();
  }

  static String stripLeading(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  static String stripTrailing(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /// Without these code points, or white space if null, at the beginning or the end or both.
  static String strip(String text, @Nullable String unwanted, boolean left, boolean right) {
    if (unwanted == null) {
      String start = left ? stripLeading(text) : text;
      return right ? stripTrailing(start) : start;
    }
    int start = 0;
    int end = text.length();
    while (left && start < end && unwanted.indexOf(text.codePointAt(start)) >= 0) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && unwanted.indexOf(text.codePointBefore(end)) >= 0) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /// The code point at an index that lies within the text.
  static String at(String text, int index) {
    int from = text.offsetByCodePoints(0, index);
    return text.substring(from, text.offsetByCodePoints(from, 1));
  }

  /// The code points from one index up to another, both within the text.
  static String sub(String text, int from, int to) {
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  /// Its code points, each a string.
  static List<Object> characters(String text) {
    List<Object> characters = new ArrayList<>(text.length());
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      characters.add(Character.toString(text.codePointAt(i)));
    }
    return characters;
  }

  /// Python's order of strings, which is that of their code points.
  static int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean bothOrNeither = Character.isSurrogate(a) == Character.isSurrogate(b);
        return bothOrNeither ? a - b : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return left.length() - right.length();
  }

  /// Python's `str.splitlines`.
  static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isLineBreak(text.charAt(i))) {
        int end = text.startsWith("\r\n", i) ? i + 2 : i + 1;
        lines.add(text.substring(start, keepEnds ? end : i));
        start = end;
        i = end - 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  private static boolean isLineBreak(char c) {
    return switch (c) {
      case '\n', '\u000b', '\f', '\r', '\u001c', '\u001d', '\u001e', '\u0085', '\u2028', '\u2029' ->
          true;
      default -> false;
    };
  }

  /// First letter large, the others small.
  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int end = text.offsetByCodePoints(0, 1);
    return titled(text.substring(0, end)) + Case.lower(text.substring(end));
  }

  /// The title case of one code point.
  static String titled(String letter) {
    String upper = Case.upper(letter);
    int title = Character.toTitleCase(letter.codePointAt(0));
    if (upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(title);
    }
    int end = upper.offsetByCodePoints(0, 1);
    return upper.substring(0, end) + Case.lower(upper.substring(end));
  }
}

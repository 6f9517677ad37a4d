package io.tuneplane.model.jinja;

import java.util.Locale;
import java.util.function.IntPredicate;

/// Upper and lower case.
final class Case {

  private Case() {}

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String swapped(String text) {
    StringBuilder swapped = new StringBuilder(text.length());
    text.codePoints()
        .mapToObj(Character::toString)
        .map(c -> Character.isUpperCase(c.codePointAt(0)) ? lower(c) : upper(c))
        .forEach(swapped::append);
    return swapped.toString();
  }

  /// Every word with a large first letter; words are runs of letters.
  static String title(String text) {
    StringBuilder title = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      String letter = Character.toString(text.codePointAt(i));
      title.append(inWord ? lower(letter) : Text.titled(letter));
      inWord = isCased(text.codePointAt(i));
    }
    return title.toString();
  }

  private static boolean isCased(int point) {
    return Character.isUpperCase(point)
        || Character.isLowerCase(point)
        || Character.isTitleCase(point);
  }

  /// Whether there are letters with case and all of them are of this one.
  static boolean isAll(String text, IntPredicate wanted) {
    return text.codePoints().anyMatch(wanted)
        && text.codePoints().filter(Case::isCased).allMatch(wanted);
  }

  /// Whether words begin large and go on small.
  static boolean isTitle(String text) {
    boolean cased = text.codePoints().anyMatch(Case::isCased);
    return cased && title(text).equals(text);
  }
}

package io.tuneplane.model.jinja;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/// Methods of `str` that tell what it is made of.
final class StringTests {

  static final List<Builtin> ALL =
      List.of(
          every("isalpha", Character::isLetter),
          every("isalnum", p -> Character.isLetter(p) || isNumeric(p)),
          every("isdecimal", Character::isDigit),
          every("isdigit", StringTests::isDigit),
          every("isnumeric", StringTests::isNumeric),
          test("isspace", Text::isSpace),
          test("isupper", s -> Case.isAll(s, Character::isUpperCase)),
          test("islower", s -> Case.isAll(s, Character::isLowerCase)),
          test("istitle", Case::isTitle),
          test("isascii", s -> s.codePoints().allMatch(p -> p < 128)),
          test("isprintable", s -> s.codePoints().allMatch(Display::isPrintable)),
          test("isidentifier", StringTests::isIdentifier));

  private StringTests() {}

  private static Builtin test(String name, Predicate<String> test) {
    return Builtin.of(name, "/ self", (_, a) -> test.test(a.text(0)));
  }

  private static Builtin every(String name, IntPredicate test) {
    return test(name, s -> !s.isEmpty() && s.codePoints().allMatch(test));
  }

  /// Digits, also raised and circled ones.
  private static boolean isDigit(int point) {
    boolean raised = "\u00b2\u00b3\u00b9".indexOf(point) >= 0;
    return Character.isDigit(point)
        || raised
        || (point >= 0x2070 && point <= 0x2089 && isNumeric(point))
        || (point >= 0x2460 && point <= 0x2468);
  }

  private static boolean isNumeric(int point) {
    return switch (Character.getType(point)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static boolean isIdentifier(String text) {
    if (text.isEmpty()) {
      return false;
    }
    int first = text.codePointAt(0);
    return (first == '_' || Character.isUnicodeIdentifierStart(first))
        && text.codePoints().allMatch(Character::isUnicodeIdentifierPart);
  }
}

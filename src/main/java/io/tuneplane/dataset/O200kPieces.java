package io.tuneplane.dataset;

/// Cuts a text into the pieces within which `o200k_base` merges bytes. Says what this expression
/// says (openai/tiktoken, `tiktoken_ext/openai_public.py`, read 2026-11-25), written out by hand,
/// since a backtracking one takes most of the time of counting:
///
/// ```
/// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// |\p{N}{1,3}
/// | ?[^\s\p{L}\p{N}]+[\r\n/]*
/// |\s*[\r\n]+
/// |\s+(?!\S)
/// |\s+
/// ```
final class O200kPieces {

  private static final int NONE = -1;

  // What a character may be part of. A mark may be either half of a word, and is no letter.
  private static final int HEAD = 1;
  private static final int TAIL = 2;
  private static final int LETTER = 4;
  private static final int NUMBER = 8;
  private static final int SPACE = 16;
  private static final int NEWLINE = 32;

  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < ASCII.length; c++) {
      ASCII[c] = (byte) kindOf(c);
    }
  }

  private O200kPieces() {}

  /// Where the piece that starts at a place ends.
  ///
  /// @param from the place, before the text's end
  /// @param length of the text, which may be less than the array's
  static int end(char[] text, int from, int length) {
    int kind = kind(text, from, length);
    int word = word(text, from, length, kind);
    if (word != NONE) {
      return contraction(text, word, length);
    }
    if ((kind & NUMBER) != 0) {
      return number(text, from, length);
    }
    int start = text[from] == ' ' ? from + 1 : from;
    int symbols = symbols(text, start, length);
    return symbols > start ? breaks(text, symbols, length) : space(text, from, length);
  }

  private static int word(char[] text, int from, int length, int kind) {
    if ((kind & LETTER) != 0) {
      int mixed = mixed(text, from, length);
      return mixed != NONE ? mixed : capitals(text, from, length);
    }
    if ((kind & (NEWLINE | NUMBER)) != 0) {
      return NONE;
    }
    // Any other character may stand before the word; a mark may also be its beginning.
    boolean mark = (kind & HEAD) != 0;
    int after = from + width(text, from, length);
    int end = mixed(text, after, length);
    if (end == NONE && mark) {
      end = mixed(text, from, length);
    }
    if (end == NONE) {
      end = capitals(text, after, length);
    }
    return end == NONE && mark ? capitals(text, from, length) : end;
  }

  /// Capitals if any, then at least one character of a tail: a small letter, or the last of the
  /// first run that may be in both halves.
  private static int mixed(char[] text, int from, int length) {
    int at = from;
    int last = NONE;
    while (at < length) {
      int kind = kind(text, at, length);
      if ((kind & HEAD) == 0) {
        if ((kind & TAIL) != 0) {
          return tail(text, at, length);
        }
        break;
      }
      at += width(text, at, length);
      if ((kind & TAIL) != 0) {
        last = at;
      }
    }
    return last;
  }

  private static int tail(char[] text, int from, int length) {
    int at = from;
    while (at < length && (kind(text, at, length) & TAIL) != 0) {
      at += width(text, at, length);
    }
    return at;
  }

  /// At least one capital. No tail follows, else [#mixed] would have been one.
  private static int capitals(char[] text, int from, int length) {
    int at = from;
    while (at < length && (kind(text, at, length) & HEAD) != 0) {
      at += width(text, at, length);
    }
    return at > from ? at : NONE;
  }

  private static int contraction(char[] text, int at, int length) {
    if (at + 1 >= length || text[at] != '\'') {
      return at;
    }
    char first = lower(text[at + 1]);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return at + 2;
    }
    if (at + 2 >= length) {
      return at;
    }
    char second = lower(text[at + 2]);
    boolean two =
        switch (first) {
          case 'r', 'v' -> second == 'e';
          case 'l' -> second == 'l';
          default -> false;
        };
    return two ? at + 3 : at;
  }

  /// Without case, as Unicode folds it: the long s is an s.
  private static char lower(char c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }

  private static int number(char[] text, int from, int length) {
    int at = from;
    for (int n = 0; n < 3 && at < length && (kind(text, at, length) & NUMBER) != 0; n++) {
      at += width(text, at, length);
    }
    return at;
  }

  private static int symbols(char[] text, int from, int length) {
    int at = from;
    while (at < length && (kind(text, at, length) & (SPACE | LETTER | NUMBER)) == 0) {
      at += width(text, at, length);
    }
    return at;
  }

  private static int breaks(char[] text, int from, int length) {
    int at = from;
    while (at < length && (text[at] == '\n' || text[at] == '\r' || text[at] == '/')) {
      at++;
    }
    return at;
  }

  /// White space up to its last line end; without one, all of it at the end of the text, else all
  /// but the last, which goes with what follows.
  private static int space(char[] text, int from, int length) {
    int at = from;
    int newline = NONE;
    while (at < length) {
      int kind = kind(text, at, length);
      if ((kind & SPACE) == 0) {
        break;
      }
      at++;
      if ((kind & NEWLINE) != 0) {
        newline = at;
      }
    }
    if (newline != NONE) {
      return newline;
    }
    return at == length || at == from + 1 ? at : at - 1;
  }

  private static int width(char[] text, int at, int length) {
    return text[at] < Character.MIN_HIGH_SURROGATE
        ? 1
        : Character.charCount(Character.codePointAt(text, at, length));
  }

  private static int kind(char[] text, int at, int length) {
    char c = text[at];
    return c < ASCII.length ? ASCII[c] : kindOf(Character.codePointAt(text, at, length));
  }

  private static int kindOf(int c) {
    return switch (Character.getType(c)) {
      case Character.LOWERCASE_LETTER -> TAIL | LETTER;
      case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> HEAD | LETTER;
      case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> HEAD | TAIL | LETTER;
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          HEAD | TAIL;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      default -> control(c);
    };
  }

  private static int control(int c) {
    if (c == '\r' || c == '\n') {
      return SPACE | NEWLINE;
    }
    return (c >= '\t' && c <= '\r') || c == 0x85 ? SPACE : 0;
  }
}

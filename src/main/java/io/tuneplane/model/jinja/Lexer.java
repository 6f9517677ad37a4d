package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Cuts a template into tokens as Jinja2's lexer does with `trim_blocks` and `lstrip_blocks`: a
/// line break after a block or comment goes, as does the blank before one at the start of a line,
/// unless a `+` says otherwise; a `-` takes all white space on its side.
final class Lexer {

  private static final Set<String> OPERATORS =
      Set.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int counted;

  /// Whether what was read last ended a line; so does the beginning.
  private boolean lineStart = true;

  private Lexer(String source) {
    this.source = source;
  }

  /// The tokens of a template, the last being its end.
  ///
  /// @throws Fault where a character or a tag doesn't belong
  static List<Token> scan(String template) {
    Lexer lexer = new Lexer(normalise(template));
    while (lexer.at < lexer.source.length()) {
      lexer.text();
    }
    lexer.add(Kind.END, "");
    return lexer.tokens;
  }

  /// Every line break becomes a line feed, and the last one goes.
  private static String normalise(String template) {
    String lines = template.replace("\r\n", "\n").replace('\r', '\n');
    return lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
  }

  private void text() {
    int tag = nextTag();
    if (tag < 0) {
      data(source.substring(at));
      at = source.length();
      return;
    }
    char kind = source.charAt(tag + 1);
    int raw = kind == '%' ? wordTag(tag, "raw", false) : -1;
    char sign = sign(tag + 2);
    data(stripped(source.substring(at, tag), sign, kind != '{'));
    at = tag + (sign == ' ' ? 2 : 3);
    if (raw >= 0) {
      moveTo(raw);
      raw();
    } else if (kind == '#') {
      comment();
    } else {
      inside(kind == '{' ? Kind.VARIABLE_BEGIN : Kind.BLOCK_BEGIN);
    }
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private char sign(int index) {
    char c = index < source.length() ? source.charAt(index) : ' ';
    return c == '-' || c == '+' ? c : ' ';
  }

  /// What is left of the text before a tag.
  private String stripped(String text, char sign, boolean mayIndent) {
    if (sign == '-') {
      return Text.stripTrailing(text);
    }
    int start = text.lastIndexOf('\n') + 1;
    boolean indent =
        sign != '+'
            && mayIndent
            && (start > 0 || lineStart)
            && start < text.length()
            && Text.isSpace(text.substring(start));
    return indent ? text.substring(0, start) : text;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      add(Kind.DATA, text);
    }
  }

  private void add(Kind kind, Object value) {
    for (; counted < at; counted++) {
      if (source.charAt(counted) == '\n') {
        line++;
      }
    }
    tokens.add(new Token(kind, value, line));
  }

  private void moveTo(int end) {
    lineStart = end > at && source.charAt(end - 1) == '\n';
    at = end;
  }

  /// Where the tag `{% word %}` at this place ends, or -1 if another one stands here.
  private int wordTag(int tag, String word, boolean trims) {
    int i = skipSpace(tag + (sign(tag + 2) == ' ' ? 2 : 3));
    if (!source.startsWith(word, i)) {
      return -1;
    }
    i = skipSpace(i + word.length());
    if (source.startsWith("-%}", i)) {
      return skipSpace(i + 3);
    }
    if (trims && source.startsWith("+%}", i)) {
      return i + 3;
    }
    if (!source.startsWith("%}", i)) {
      return -1;
    }
    return trims ? skipNewline(i + 2) : i + 2;
  }

  private int skipSpace(int index) {
    int i = index;
    while (i < source.length() && Text.isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  private int skipNewline(int index) {
    return source.startsWith("\n", index) ? index + 1 : index;
  }

  private void raw() {
    for (int tag = source.indexOf("{%", at); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
      int end = wordTag(tag, "endraw", true);
      if (end >= 0) {
        data(stripped(source.substring(at, tag), sign(tag + 2), true));
        moveTo(end);
        return;
      }
    }
    unlessAtEnd("Missing end of raw directive");
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      unlessAtEnd("Missing end of comment tag");
      return;
    }
    char before = end > at ? source.charAt(end - 1) : ' ';
    moveTo(
        switch (before) {
          case '-' -> skipSpace(end + 2);
          case '+' -> end + 2;
          default -> skipNewline(end + 2);
        });
  }

  private void unlessAtEnd(String message) {
    if (at < source.length()) {
      throw new Fault(message, line);
    }
  }

  /// Reads the inside of `{{ }}` or `{% %}`.
  private void inside(Kind begin) {
    add(begin, "");
    Deque<Character> open = new ArrayDeque<>();
    while (at < source.length()) {
      if (open.isEmpty() && end(begin)) {
        return;
      }
      int next = skipSpace(at);
      if (next > at) {
        at = next;
      } else {
        token(open);
      }
    }
  }

  private boolean end(Kind begin) {
    boolean variable = begin == Kind.VARIABLE_BEGIN;
    String mark = variable ? "}}" : "%}";
    char sign = sign(at);
    int i = sign == ' ' ? at : at + 1;
    if (!source.startsWith(mark, i) || (variable && sign == '+')) {
      return false;
    }
    add(variable ? Kind.VARIABLE_END : Kind.BLOCK_END, "");
    int after = i + 2;
    if (sign == '-') {
      after = skipSpace(after);
    } else if (!variable && sign == ' ') {
      after = skipNewline(after);
    }
    moveTo(after);
    return true;
  }

  private void token(Deque<Character> open) {
    char c = source.charAt(at);
    int end = at;
    if (c >= '0' && c <= '9') {
      Literals.Numeral number = Literals.number(source, at);
      add(Kind.NUMBER, number.value());
      end = number.end();
    } else if (Character.isUnicodeIdentifierStart(source.codePointAt(at)) || c == '_') {
      end = nameEnd();
      add(Kind.NAME, source.substring(at, end));
    } else if (c == '\'' || c == '"') {
      end = Literals.stringEnd(source, at);
      if (end < 0) {
        throw unexpected(c);
      }
      add(Kind.STRING, Literals.unescape(source.substring(at + 1, end - 1)));
    } else {
      end = operator(c, open);
    }
    at = end;
  }

  private int nameEnd() {
    int i = at;
    while (i < source.length() && Character.isUnicodeIdentifierPart(source.codePointAt(i))) {
      i += Character.charCount(source.codePointAt(i));
    }
    return i;
  }

  private int operator(char c, Deque<Character> open) {
    String two = source.substring(at, Math.min(at + 2, source.length()));
    String operator = two.length() == 2 && OPERATORS.contains(two) ? two : String.valueOf(c);
    if (!OPERATORS.contains(operator)) {
      throw unexpected(c);
    }
    switch (c) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty() || open.pop() != c) {
          throw unexpected(c);
        }
      }
      default -> {}
    }
    add(Kind.OPERATOR, operator);
    return at + operator.length();
  }

  private Fault unexpected(char c) {
    add(Kind.END, "");
    return new Fault("unexpected char " + Display.quoted(String.valueOf(c)), line);
  }
}

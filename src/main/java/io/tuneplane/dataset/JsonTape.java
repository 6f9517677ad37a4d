package io.tuneplane.dataset;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// One line of JSON, parsed strictly (RFC 8259) into a flat list of values that point into the
/// line's bytes. Nothing is decoded until someone asks; a tape is used again for line after line.
///
/// Beyond the grammar it refuses what readers disagree on: duplicate keys, bytes that are not
/// UTF-8, halves of surrogate pairs, numbers that no double can hold, nesting deeper than
/// [#MAX_DEPTH]. Strings are scanned eight bytes at a time. Not safe for many threads.
final class JsonTape {

  static final int MAX_DEPTH = 128;

  /// More values than this in one line are refused, so that a line takes bounded memory.
  static final int MAX_VALUES = 1 << 18;

  /// Bytes that must follow the text in its array, as zeros.
  static final int PADDING = 8;

  static final int NONE = -1;

  /// What a value is.
  enum Kind {
    OBJECT(0),
    ARRAY(1),
    STRING(2),
    NUMBER(3),
    TRUE(4),
    FALSE(5),
    NULL(6);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private static final Kind[] KINDS = Kind.values();
  private static final int ESCAPED = 0x100;
  private static final int REWRITTEN = 0x200;
  private static final int MAX_NUMBER_LENGTH = 1000;
  private static final int FEW_KEYS = 16;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // Four ints a value: kind and flags, first byte, byte after the last, and for a string its code
  // points, for others the value after them.
  private int[] tape = new int[4 * 64];
  private int count;
  private byte[] bytes = new byte[PADDING];
  private int pos;
  private int end;
  private boolean canonical;

  /// Parses one text. The root is value 0.
  ///
  /// @param bytes an array with [#PADDING] zeros at its end that are not part of the text
  void parse(byte[] bytes, int from, int to) throws LineException {
    this.bytes = bytes;
    this.pos = from;
    this.end = to;
    this.count = 0;
    this.canonical = true;
    space();
    value(0);
    space();
    if (pos < end) {
      throw broken("text after the end of the value");
    }
  }

  /// Whether the text is as [CanonicalJson] would write it.
  boolean canonical() {
    return canonical;
  }

  byte[] bytes() {
    return bytes;
  }

  Kind kind(int value) {
    return KINDS[tape[4 * value] & 0xff];
  }

  boolean is(int value, Kind kind) {
    return value != NONE && (tape[4 * value] & 0xff) == kind.code;
  }

  int start(int value) {
    return tape[4 * value + 1];
  }

  int end(int value) {
    return tape[4 * value + 2];
  }

  /// The value after this one and all within it.
  int next(int value) {
    return (tape[4 * value] & 0xff) <= Kind.ARRAY.code ? tape[4 * value + 3] : value + 1;
  }

  /// A string's length in Unicode code points.
  int codePoints(int string) {
    return tape[4 * string + 3];
  }

  /// Whether a string would be written with other escapes by [CanonicalJson].
  boolean rewritten(int string) {
    return (tape[4 * string] & REWRITTEN) != 0;
  }

  /// Whether an object or array has nothing in it.
  boolean empty(int container) {
    return next(container) == container + 1;
  }

  /// A string's text.
  String string(int value) {
    int from = start(value);
    if ((tape[4 * value] & ESCAPED) == 0) {
      return new String(bytes, from, end(value) - from, StandardCharsets.UTF_8);
    }
    return unescaped(from, end(value));
  }

  /// A value's text as it stands in the line, a string without its quotes.
  String raw(int value) {
    return new String(bytes, start(value), end(value) - start(value), StandardCharsets.UTF_8);
  }

  boolean stringIs(int value, byte[] ascii) {
    return (tape[4 * value] & ESCAPED) == 0
        ? Arrays.equals(bytes, start(value), end(value), ascii, 0, ascii.length)
        : Arrays.equals(string(value).getBytes(StandardCharsets.UTF_8), ascii);
  }

  /// The value of a key, or [#NONE] where the object has no such key or the value is no object.
  int find(int object, byte[] key) {
    if (!is(object, Kind.OBJECT)) {
      return NONE;
    }
    int after = next(object);
    for (int k = object + 1; k < after; k = next(k + 1)) {
      if (stringIs(k, key)) {
        return k + 1;
      }
    }
    return NONE;
  }

  /// Orders two keys by their code points.
  int compareKeys(int a, int b) {
    if (((tape[4 * a] | tape[4 * b]) & ESCAPED) == 0) {
      return Arrays.compareUnsigned(bytes, start(a), end(a), bytes, start(b), end(b));
    }
    return Arrays.compareUnsigned(
        string(a).getBytes(StandardCharsets.UTF_8), string(b).getBytes(StandardCharsets.UTF_8));
  }

  private void value(int depth) throws LineException {
    if (pos >= end) {
      throw broken("the line ends where a value is due");
    }
    switch (bytes[pos]) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> literal("true", Kind.TRUE);
      case 'f' -> literal("false", Kind.FALSE);
      case 'n' -> literal("null", Kind.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw unexpected("a value");
    }
  }

  private void object(int depth) throws LineException {
    int self = open(Kind.OBJECT, depth);
    if (!closes('}')) {
      Keys keys = new Keys(count);
      do {
        space();
        if (pos >= end || bytes[pos] != '"') {
          throw unexpected("a key in double quotes");
        }
        int key = count;
        string();
        keys.check(key);
        space();
        if (pos >= end || bytes[pos] != ':') {
          throw unexpected("':'");
        }
        pos++;
        space();
        value(depth + 1);
      } while (more('}'));
    }
    close(self);
  }

  private void array(int depth) throws LineException {
    int self = open(Kind.ARRAY, depth);
    if (!closes(']')) {
      do {
        space();
        value(depth + 1);
      } while (more(']'));
    }
    close(self);
  }

  private int open(Kind kind, int depth) throws LineException {
    if (depth >= MAX_DEPTH) {
      throw broken("nested deeper than " + MAX_DEPTH);
    }
    int self = count;
    add(kind.code, pos, 0, 0);
    pos++;
    return self;
  }

  private void close(int container) {
    tape[4 * container + 2] = pos;
    tape[4 * container + 3] = count;
  }

  private boolean closes(char bracket) {
    space();
    if (pos < end && bytes[pos] == bracket) {
      pos++;
      return true;
    }
    return false;
  }

  private boolean more(char bracket) throws LineException {
    if (closes(bracket)) {
      return false;
    }
    if (pos >= end || bytes[pos] != ',') {
      throw unexpected("',' or '" + bracket + "'");
    }
    pos++;
    return true;
  }

  private void space() {
    int from = pos;
    while (pos < end && isSpace(bytes[pos])) {
      pos++;
    }
    canonical &= pos == from;
  }

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  private void literal(String word, Kind kind) throws LineException {
    int from = pos;
    for (int i = 0; i < word.length(); i++, pos++) {
      if (pos >= end || bytes[pos] != word.charAt(i)) {
        pos = from;
        throw unexpected("a value");
      }
    }
    add(kind.code, from, pos, 0);
  }

  private void number() throws LineException {
    int from = pos;
    if (bytes[pos] == '-') {
      pos++;
    }
    int whole = pos;
    digits();
    if (pos - whole > 1 && bytes[whole] == '0') {
      pos = whole;
      throw broken("a number starts with 0");
    }
    if (pos < end && bytes[pos] == '.') {
      pos++;
      digits();
    }
    boolean exponent = pos < end && (bytes[pos] | 0x20) == 'e';
    if (exponent) {
      pos++;
      if (pos < end && (bytes[pos] == '+' || bytes[pos] == '-')) {
        pos++;
      }
      digits();
    }
    requireInRange(from, exponent);
    add(Kind.NUMBER.code, from, pos, 0);
  }

  private void requireInRange(int from, boolean exponent) throws LineException {
    int length = pos - from;
    if (length > MAX_NUMBER_LENGTH) {
      throw new LineException(
          Rule.NUMBER, from, "a number of more than " + MAX_NUMBER_LENGTH + " characters");
    }
    if (exponent || length > 300) {
      String text = new String(bytes, from, length, StandardCharsets.US_ASCII);
      if (Double.isInfinite(Double.parseDouble(text))) {
        String shown = length > 40 ? text.substring(0, 40) + "..." : text;
        throw new LineException(Rule.NUMBER, from, "the number " + shown + " is out of range");
      }
    }
  }

  private void digits() throws LineException {
    int from = pos;
    while (pos < end && bytes[pos] >= '0' && bytes[pos] <= '9') {
      pos++;
    }
    if (pos == from) {
      throw unexpected("a digit");
    }
  }

  private void string() throws LineException {
    int from = ++pos;
    int flags = 0;
    int extra = 0;
    while (true) {
      long stops = stops((long) LONGS.get(bytes, pos));
      if (stops == 0) {
        pos += 8;
        continue;
      }
      pos += Long.numberOfTrailingZeros(stops) >>> 3;
      if (pos >= end) {
        pos = end;
        throw broken("the line ends within a string");
      }
      byte b = bytes[pos];
      if (b == '"') {
        break;
      } else if (b == '\\') {
        flags |= ESCAPED | (minimalEscape() ? 0 : REWRITTEN);
        extra += escape();
      } else if (b < 0) {
        extra += multibyte();
      } else {
        throw broken("a control character (0x%02x) must be escaped".formatted(b));
      }
    }
    canonical &= (flags & REWRITTEN) == 0;
    add(Kind.STRING.code | flags, from, pos, pos - from - extra);
    pos++;
  }

  /// Marks the bytes that a run of plain characters stops at: a quote, a backslash, a control
  /// character, the start of a multi-byte character. The first mark is right; later ones may not
  /// be.
  private static long stops(long word) {
    long quote = word ^ (ONES * '"');
    long backslash = word ^ (ONES * '\\');
    long found = ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash);
    return (found | ((word - ONES * 0x20) & ~word) | word) & HIGHS;
  }

  private boolean minimalEscape() {
    return "\"\\bfnrt".indexOf(bytes[pos + 1]) >= 0;
  }

  /// Passes an escape; returns by how much it is longer than one code point.
  private int escape() throws LineException {
    byte kind = bytes[pos + 1];
    if ("\"\\/bfnrt".indexOf(kind) >= 0 && pos + 1 < end) {
      pos += 2;
      return 1;
    }
    if (kind != 'u') {
      throw broken("an unknown escape");
    }
    int first = hex(pos + 2);
    if (!Character.isSurrogate((char) first)) {
      pos += 6;
      return 5;
    }
    boolean pair =
        Character.isHighSurrogate((char) first)
            && pos + 12 <= end
            && bytes[pos + 6] == '\\'
            && bytes[pos + 7] == 'u'
            && Character.isLowSurrogate((char) hex(pos + 8));
    if (!pair) {
      throw new LineException(Rule.INVALID_UTF8, pos, "half of a surrogate pair is escaped");
    }
    pos += 12;
    return 11;
  }

  private int hex(int at) throws LineException {
    int code = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = i < end ? Character.digit(bytes[i], 16) : -1;
      if (digit < 0) {
        throw broken("\\u needs four hexadecimal digits");
      }
      code = code << 4 | digit;
    }
    return code;
  }

  /// Passes a run of multi-byte characters; returns by how many bytes it is longer than its code
  /// points. The well-formed sequences are those of the Unicode Standard, table 3-7.
  private int multibyte() throws LineException {
    int extra = 0;
    while (bytes[pos] < 0 && pos < end) {
      int more = continuation(bytes[pos] & 0xff, bytes[pos + 1] & 0xff);
      if (more == 0 || pos + more >= end) {
        throw new LineException(Rule.INVALID_UTF8, pos, "invalid UTF-8");
      }
      for (int i = 2; i <= more; i++) {
        if ((bytes[pos + i] & 0xc0) != 0x80) {
          throw new LineException(Rule.INVALID_UTF8, pos, "invalid UTF-8");
        }
      }
      pos += more + 1;
      extra += more;
    }
    return extra;
  }

  /// How many bytes follow the first, given the second; 0 where no character starts so.
  private static int continuation(int first, int second) {
    if (first < 0xc2 || first > 0xf4) {
      return 0;
    }
    int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return 0;
    }
    return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  }

  private String unescaped(int from, int to) {
    StringBuilder out = new StringBuilder(to - from);
    int i = from;
    while (i < to) {
      int plain = i;
      while (i < to && bytes[i] != '\\') {
        i++;
      }
      out.append(new String(bytes, plain, i - plain, StandardCharsets.UTF_8));
      if (i < to) {
        i = unescape(i + 1, out);
      }
    }
    return out.toString();
  }

  /// Adds what an escape stands for; returns the place after it.
  private int unescape(int at, StringBuilder out) {
    switch (bytes[at]) {
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'u' -> {
        String hex = new String(bytes, at + 1, 4, StandardCharsets.US_ASCII);
        out.append((char) Integer.parseInt(hex, 16));
        return at + 5;
      }
      default -> out.append((char) bytes[at]);
    }
    return at + 1;
  }

  private void add(int kind, int start, int end, int aux) throws LineException {
    if (count >= MAX_VALUES) {
      throw new LineException(Rule.TOO_LONG, start, "more than " + MAX_VALUES + " JSON values");
    }
    if (4 * count == tape.length) {
      tape = Arrays.copyOf(tape, 2 * tape.length);
    }
    int at = 4 * count++;
    tape[at] = kind;
    tape[at + 1] = start;
    tape[at + 2] = end;
    tape[at + 3] = aux;
  }

  private LineException broken(String what) {
    return new LineException(Rule.BROKEN_JSON, pos, what);
  }

  private LineException unexpected(String due) throws LineException {
    if (pos >= end) {
      return broken("the line ends where " + due + " is due");
    }
    if (bytes[pos] < 0) {
      int at = pos;
      multibyte();
      pos = at;
    }
    int c = bytes[pos];
    String found = c > 0x20 && c < 0x7f ? "'" + (char) c + "'" : "this character";
    return broken("expected " + due + ", not " + found);
  }

  /// Sees that no key of an object comes twice: by comparing neighbours as long as they ascend,
  /// then with all, then by a set.
  private final class Keys {
    private final int first;
    private int previous = NONE;
    private int seen;
    private boolean ascending = true;
    private Set<String> many = Set.of();

    Keys(int first) {
      this.first = first;
    }

    void check(int key) throws LineException {
      ascending = ascending && (previous == NONE || compareKeys(previous, key) < 0);
      canonical &= ascending;
      if (!ascending && has(key)) {
        throw new LineException(
            Rule.DUPLICATE_KEYS, start(key) - 1, "duplicate key '" + string(key) + "'");
      }
      previous = key;
      seen++;
    }

    private boolean has(int key) {
      if (seen > FEW_KEYS) {
        return !many(key).add(string(key));
      }
      for (int k = first; k < key; k = next(k + 1)) {
        if (compareKeys(k, key) == 0) {
          return true;
        }
      }
      return false;
    }

    private Set<String> many(int key) {
      if (many.isEmpty()) {
        many = new HashSet<>();
        for (int k = first; k < key; k = next(k + 1)) {
          many.add(string(k));
        }
      }
      return many;
    }
  }
}

package io.tuneplane.dataset;

import java.nio.charset.StandardCharsets;

/// The one way to write a JSON value, for digests: no white space, keys in the order of their code
/// points, only those characters escaped that must be (quote, backslash, control characters, the
/// short form where there is one), numbers as they were written.
final class CanonicalJson {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final String SHORT = "\"\\\b\f\n\r\t";
  private static final String SHORT_NAMES = "\"\\bfnrt";

  private CanonicalJson() {}

  static void write(JsonTape tape, int value, ByteSink out) {
    switch (tape.kind(value)) {
      case OBJECT -> object(tape, value, out);
      case ARRAY -> array(tape, value, out);
      case STRING -> string(tape, value, out);
      case NUMBER, TRUE, FALSE, NULL -> out.add(tape.bytes(), tape.start(value), tape.end(value));
    }
  }

  /// Writes a string with its quotes.
  static void string(String text, ByteSink out) {
    out.add((byte) '"');
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int plain = 0;
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      if (b == '"' || b == '\\' || (b >= 0 && b < 0x20)) {
        out.add(utf8, plain, i);
        escape(b, out);
        plain = i + 1;
      }
    }
    out.add(utf8, plain, utf8.length);
    out.add((byte) '"');
  }

  private static void escape(byte b, ByteSink out) {
    out.add((byte) '\\');
    int known = SHORT.indexOf(b);
    if (known >= 0) {
      out.add((byte) SHORT_NAMES.charAt(known));
    } else {
      byte[] code = {'u', '0', '0', HEX[b >> 4], HEX[b & 15]};
      out.add(code, 0, code.length);
    }
  }

  private static void string(JsonTape tape, int value, ByteSink out) {
    if (tape.rewritten(value)) {
      string(tape.string(value), out);
    } else {
      out.add(tape.bytes(), tape.start(value) - 1, tape.end(value) + 1);
    }
  }

  private static void array(JsonTape tape, int array, ByteSink out) {
    out.add((byte) '[');
    int after = tape.next(array);
    for (int v = array + 1; v < after; v = tape.next(v)) {
      if (v > array + 1) {
        out.add((byte) ',');
      }
      write(tape, v, out);
    }
    out.add((byte) ']');
  }

  private static void object(JsonTape tape, int object, ByteSink out) {
    out.add((byte) '{');
    boolean first = true;
    for (int key : sortedKeys(tape, object)) {
      if (!first) {
        out.add((byte) ',');
      }
      first = false;
      string(tape, key, out);
      out.add((byte) ':');
      write(tape, key + 1, out);
    }
    out.add((byte) '}');
  }

  private static int[] sortedKeys(JsonTape tape, int object) {
    int after = tape.next(object);
    int n = 0;
    for (int k = object + 1; k < after; k = tape.next(k + 1)) {
      n++;
    }
    int[] keys = new int[n];
    int at = 0;
    for (int k = object + 1; k < after; k = tape.next(k + 1)) {
      keys[at++] = k;
    }
    sort(tape, keys);
    return keys;
  }

  private static void sort(JsonTape tape, int[] keys) {
    if (keys.length > 32) {
      Integer[] boxed = java.util.Arrays.stream(keys).boxed().toArray(Integer[]::new);
      java.util.Arrays.sort(boxed, tape::compareKeys);
      for (int i = 0; i < keys.length; i++) {
        keys[i] = boxed[i];
      }
      return;
    }
    for (int i = 1; i < keys.length; i++) {
      int key = keys[i];
      int j = i;
      while (j > 0 && tape.compareKeys(keys[j - 1], key) > 0) {
        keys[j] = keys[j - 1];
        j--;
      }
      keys[j] = key;
    }
  }
}

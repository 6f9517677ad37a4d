package io.tuneplane.dataset;

import java.nio.charset.StandardCharsets;

/// The content of a message as it stands in the file. Good only until the line's tape reads the
/// next line.
sealed interface Content {

  /// A string in the line.
  record InLine(JsonTape tape, int value) implements Content {}

  /// Text put together from parts of the line.
  record Built(String text) implements Content {}

  /// No text.
  enum Absent implements Content {
    /// There is none, or null.
    MISSING,
    /// There is something else, such as a number or a list.
    NOT_TEXT
  }

  /// The text; empty where there is none.
  default String text() {
    return switch (this) {
      case InLine(JsonTape tape, int value) -> tape.string(value);
      case Built(String text) -> text;
      case Absent _ -> "";
    };
  }

  default long codePoints() {
    return switch (this) {
      case InLine(JsonTape tape, int value) -> tape.codePoints(value);
      case Built(String text) -> text.codePointCount(0, text.length());
      case Absent _ -> 0;
    };
  }

  default boolean blank() {
    return switch (this) {
      case InLine(JsonTape tape, int value) -> blank(tape, value);
      case Built(String text) -> text.isBlank();
      case Absent _ -> true;
    };
  }

  private static boolean blank(JsonTape tape, int value) {
    int start = tape.start(value);
    if (start == tape.end(value)) {
      return true;
    }
    byte first = tape.bytes()[start];
    boolean plain = first > ' ' && first != '\\';
    return !plain && tape.string(value).isBlank();
  }

  /// The text as UTF-8 bytes without escapes, given to the reader.
  default void utf8(Bytes reader) {
    switch (this) {
      case InLine(JsonTape tape, int value) when !tape.rewritten(value) ->
          reader.read(tape.bytes(), tape.start(value), tape.end(value), true);
      case Absent _ -> {}
      case InLine _, Built _ -> {
        byte[] utf8 = text().getBytes(StandardCharsets.UTF_8);
        reader.read(utf8, 0, utf8.length, false);
      }
    }
  }

  /// Reads bytes of a text.
  interface Bytes {

    /// Reads a run of bytes.
    ///
    /// @param escapes whether a backslash starts one of JSON's short escapes
    void read(byte[] bytes, int start, int end, boolean escapes);
  }
}

package io.tuneplane.cli;

import java.io.InputStream;
import java.io.PrintStream;

/// Where a command reads and prints: data on `out`, progress and errors on `err`.
///
/// @param in standard input
/// @param out standard output
/// @param err standard error
/// @param interactive whether a person watches `err`: progress bars and colour are for them only
/// @param colour whether colour is wanted (`NO_COLOR` is unset and `err` is a terminal)
/// @param columns the width of a line
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean interactive,
    boolean colour,
    int columns) {

  /// The text in bold, where colour is wanted.
  String bold(String text) {
    return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  /// The text dimmed, where colour is wanted.
  String dim(String text) {
    return colour ? "\u001b[2m" + text + "\u001b[0m" : text;
  }

  /// The text with whatever a terminal would obey taken out: for text that users or models wrote.
  static String plain(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == '\n' || c == '\t' || !Character.isISOControl(c) ? c : 0xFFFD)
        .forEach(safe::appendCodePoint);
    return safe.toString();
  }
}

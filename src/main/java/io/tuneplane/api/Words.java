package io.tuneplane.api;

/// Text of callers in messages.
final class Words {

  private static final int LONGEST = 80;

  private Words() {}

  /// The text in quotes, cut to a length that a message can hold, without control characters.
  static String quoted(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}

package io.tuneplane.dataset;

/// What stops the reading of one line. Has no stack: a file may have millions.
final class LineException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Rule rule;
  private final int at;

  /// @param at the byte in the buffer where it is wrong, or -1 for the whole line
  LineException(Rule rule, int at, String message) {
    super(message, null, false, false);
    this.rule = rule;
    this.at = at;
  }

  Rule rule() {
    return rule;
  }

  int at() {
    return at;
  }

  /// What is wrong; never null.
  String what() {
    return String.valueOf(getMessage());
  }
}

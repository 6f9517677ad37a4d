package io.tuneplane.runner.serve.engine;

import java.util.List;

/// Finds stop texts in an answer that comes in pieces, also across them: text that may be the
/// beginning of a stop text is held back until it is clear. Not safe for many threads.
final class StopTexts {

  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopTexts(List<String> stops) {
    this.stops = List.copyOf(stops);
  }

  /// Takes a piece, and returns what may go out.
  String next(String text) {
    held.append(text);
    int at = firstStop();
    if (at >= 0) {
      found = true;
      return take(at);
    }
    return take(held.length() - heldBack());
  }

  /// Whether a stop text came; nothing after it counts.
  boolean found() {
    return found;
  }

  /// What was held back, at the end.
  String end() {
    return found ? "" : take(held.length());
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  private int firstStop() {
    int first = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    return first;
  }

  private int heldBack() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}

package io.tuneplane.dataset;

/// Finds addresses of electronic mail by their `@`, to both sides.
final class EmailRecogniser implements Recogniser {

  private static final int LONGEST_LOCAL = 64;
  private static final int LONGEST_DOMAIN = 253;

  @Override
  public void find(String text, Sink sink) {
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      int start = at;
      while (start > 0 && at - start < LONGEST_LOCAL && local(text.charAt(start - 1))) {
        start--;
      }
      int end = at + 1;
      while (end < text.length() && end - at <= LONGEST_DOMAIN && domain(text.charAt(end))) {
        end++;
      }
      while (end > at && !letterOrDigit(text.charAt(end - 1))) {
        end--;
      }
      while (start < at && text.charAt(start) == '.') {
        start++;
      }
      if (start < at && isDomain(text, at + 1, end)) {
        sink.found(SensitiveKind.EMAIL, text.substring(start, end));
      }
    }
  }

  private static boolean local(char c) {
    return letterOrDigit(c) || "._%+-'".indexOf(c) >= 0;
  }

  private static boolean domain(char c) {
    return letterOrDigit(c) || c == '.' || c == '-';
  }

  private static boolean letterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /// Whether it has two labels at least, none empty, the last of letters only.
  private static boolean isDomain(String text, int start, int end) {
    if (start >= end) {
      return false;
    }
    String domain = text.substring(start, end);
    int dot = domain.lastIndexOf('.');
    String last = domain.substring(dot + 1);
    return dot > 0
        && domain.charAt(0) != '.'
        && !domain.contains("..")
        && last.length() >= 2
        && last.chars().allMatch(Character::isLetter);
  }
}

package io.tuneplane.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lengths of time as they are typed: `90s`, `5m`, `12h`, `30d`.
final class Times {

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,6})(s|m|h|d)");

  private Times() {}

  /// @throws IllegalArgumentException if it is none
  static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a time such as 90s, 12h or 30d, not " + text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}

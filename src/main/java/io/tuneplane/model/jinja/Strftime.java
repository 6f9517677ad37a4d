package io.tuneplane.model.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// Python's `strftime` in the C locale, as glibc does it.
final class Strftime {

  private Strftime() {}

  /// The time in this format.
  ///
  /// @throws Fault if the format has a directive that is not supported
  static String format(LocalDateTime time, String format) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        out.append(c);
      } else if (i + 1 == format.length()) {
        out.append('%');
      } else if (format.charAt(i + 1) == '-' && i + 2 < format.length()) {
        i += 2;
        out.append(unpadded(directive(time, format.charAt(i))));
      } else {
        i++;
        out.append(directive(time, format.charAt(i)));
      }
    }
    return out.toString();
  }

  private static String unpadded(String number) {
    return number.matches("[0 ]\\d+") ? unpadded(number.substring(1)) : number;
  }

  private static String directive(LocalDateTime time, char directive) {
    return switch (directive) {
      case '%' -> "%";
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'z', 'Z' -> "";
      case 'Y' -> Integer.toString(time.getYear());
      case 'C' -> padded(time.getYear() / 100);
      case 'j' -> String.format(Locale.ROOT, "%03d", time.getDayOfYear());
      case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
      case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
      case 'U' -> padded((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7);
      case 'W' -> padded((time.getDayOfYear() + 7 - time.getDayOfWeek().getValue()) / 7);
      case 'V' -> padded(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
      case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
      case 'f' -> String.format(Locale.ROOT, "%06d", time.get(ChronoField.MICRO_OF_SECOND));
      case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
      case 'x', 'D' -> format(time, "%m/%d/%y");
      case 'X', 'T' -> format(time, "%H:%M:%S");
      case 'F' -> format(time, "%Y-%m-%d");
      case 'R' -> format(time, "%H:%M");
      case 'r' -> format(time, "%I:%M:%S %p");
      default -> time.truncatedTo(ChronoUnit.SECONDS).format(pattern(directive));
    };
  }

  private static String padded(int number) {
    return String.format(Locale.ROOT, "%02d", number);
  }

  private static DateTimeFormatter pattern(char directive) {
    String pattern =
        switch (directive) {
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'y' -> "yy";
          case 'H' -> "HH";
          case 'I' -> "hh";
          case 'M' -> "mm";
          case 'S' -> "ss";
          case 'p' -> "a";
          case 'b', 'h' -> "MMM";
          case 'B' -> "MMMM";
          case 'a' -> "EEE";
          case 'A' -> "EEEE";
          default -> throw Fault.unsupported("strftime's %" + directive);
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
  }
}

package io.tuneplane.cost;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number that is known, or known to lie between two others.
///
/// @param low the least that is thought possible
/// @param likely what is thought most likely
/// @param high the most that is thought possible
public record Range(BigDecimal low, BigDecimal likely, BigDecimal high) {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,12})?");
  private static final Pattern THREE = Pattern.compile("(.+?)\\.\\.(.+?)\\.\\.(.+)");

  public Range {
    if (low.compareTo(likely) > 0 || likely.compareTo(high) > 0) {
      throw new IllegalArgumentException(
          "expected low <= likely <= high, not %s..%s..%s"
              .formatted(low.toPlainString(), likely.toPlainString(), high.toPlainString()));
    }
  }

  /// A number that is known.
  public static Range of(BigDecimal value) {
    return new Range(value, value, value);
  }

  /// A whole number that is known.
  public static Range of(long value) {
    return of(BigDecimal.valueOf(value));
  }

  /// Reads a number, or `low..likely..high`. Digits may be grouped with `_`.
  ///
  /// @throws IllegalArgumentException if the text is neither
  public static Range parse(String text) {
    Matcher three = THREE.matcher(text.strip());
    return three.matches()
        ? new Range(number(three.group(1)), number(three.group(2)), number(three.group(3)))
        : of(number(text));
  }

  /// Whether this is a known number.
  public boolean isPoint() {
    return low.compareTo(high) == 0;
  }

  private static BigDecimal number(String text) {
    String digits = text.strip().replace("_", "");
    if (!NUMBER.matcher(digits).matches()) {
      throw new IllegalArgumentException(
          "expected a number or low..likely..high, not \"" + text + "\"");
    }
    return new BigDecimal(digits);
  }
}

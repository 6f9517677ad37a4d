package io.tuneplane.model.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Floats as Python prints and reads them.
final class Floats {

  private Floats() {}

  /// Python's `repr`: the shortest digits that read back the same, an exponent below 1e-4 and from
  /// 1e16.
  static String repr(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    String sign = number < 0 ? "-" : "";
    return sign
        + (exponent < -4 || exponent >= 16
            ? scientific(digits, exponent)
            : positional(shortest.abs()));
  }

  private static String positional(BigDecimal number) {
    String text = number.toPlainString();
    return text.indexOf('.') < 0 ? text + ".0" : text;
  }

  private static String scientific(String digits, int exponent) {
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String size = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : "" + Math.abs(exponent);
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + size;
  }

  /// Python's `round`: half to even, of the exact value.
  static double round(double number, int digits) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return number;
    }
    double rounded = new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    return rounded == 0 ? Math.copySign(0.0, number) : rounded;
  }

  /// Python's `float(text)`.
  ///
  /// @throws NumberFormatException if it is none
  static double parse(String text) {
    String trimmed = Text.strip(text, null, true, true);
    String lower = Case.lower(trimmed);
    String unsigned = lower.startsWith("+") || lower.startsWith("-") ? lower.substring(1) : lower;
    if (unsigned.equals("nan")) {
      return Double.NaN;
    }
    if (unsigned.equals("inf") || unsigned.equals("infinity")) {
      return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (!unsigned.matches(
        "(\\d+(_\\d+)*+\\.?(\\d+(_\\d+)*+)?|\\.\\d+(_\\d+)*+)(e[+-]?\\d+(_\\d+)*+)?")) {
      throw new NumberFormatException("not a float");
    }
    return Double.parseDouble(trimmed.replace("_", ""));
  }
}

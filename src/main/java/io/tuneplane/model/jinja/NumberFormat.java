package io.tuneplane.model.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// How `%5.2f` and its like lay out a value.
///
/// @param flags of `-`, `+`, blank, `#`, `0`
/// @param precision -1 for none
record NumberFormat(String flags, int width, int precision) {

  private boolean has(char flag) {
    return flags.indexOf(flag) >= 0;
  }

  String text(String text) {
    boolean cut = precision >= 0 && precision < Text.length(text);
    return padded("", cut ? Text.sub(text, 0, precision) : text, false);
  }

  String whole(Object number) {
    return radix(number, 10);
  }

  String radix(Object number, int radix) {
    BigInteger whole = new BigInteger(number.toString());
    String digits = whole.abs().toString(radix);
    String full = "0".repeat(Math.max(0, precision - digits.length())) + digits;
    String prefix = has('#') ? (radix == 16 ? "0x" : radix == 8 ? "0o" : "") : "";
    return padded(sign(whole.signum() < 0) + prefix, full, true);
  }

  String fixed(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      String digits = Double.isNaN(number) ? "nan" : "inf";
      return new NumberFormat(flags.replace("0", ""), width, -1)
          .padded(sign(number < 0), digits, false);
    }
    int digits = precision < 0 ? 6 : precision;
    BigDecimal exact = new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN);
    boolean negative = number < 0 || (number == 0 && 1 / number < 0);
    return padded(sign(negative), exact.abs().toPlainString(), true);
  }

  private String sign(boolean negative) {
    return negative ? "-" : has('+') ? "+" : has(' ') ? " " : "";
  }

  private String padded(String sign, String digits, boolean number) {
    int missing = Math.max(0, width - sign.length() - Text.length(digits));
    if (has('-')) {
      return sign + digits + " ".repeat(missing);
    }
    return number && has('0')
        ? sign + "0".repeat(missing) + digits
        : " ".repeat(missing) + sign + digits;
  }
}

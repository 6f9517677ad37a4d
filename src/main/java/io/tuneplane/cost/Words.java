package io.tuneplane.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/// Numbers as sentences have them.
final class Words {

  private Words() {}

  /// Rounded to a whole number, thousands grouped.
  static String count(BigDecimal number) {
    return String.format(
        Locale.ROOT, "%,d", number.setScale(0, RoundingMode.HALF_EVEN).toBigInteger());
  }

  /// A share as a percentage.
  static String percent(BigDecimal share) {
    return share.movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }

  /// Dollars and cents, thousands grouped.
  static String dollars(Money money) {
    return String.format(Locale.ROOT, "$%,.2f", new BigDecimal(money.text()));
  }
}

package io.tuneplane.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// An amount of US dollars, exact. Rounded to cents only when it is shown.
public record Money(BigDecimal usd) implements Comparable<Money> {

  /// Nothing, which is not the same as an unknown amount.
  public static final Money ZERO = new Money(BigDecimal.ZERO);

  /// An amount as written, e.g. `12.50`.
  public static Money of(String usd) {
    return new Money(new BigDecimal(usd));
  }

  /// The sum.
  public Money plus(Money other) {
    return new Money(usd.add(other.usd));
  }

  /// The difference; may be negative.
  public Money minus(Money other) {
    return new Money(usd.subtract(other.usd));
  }

  /// This amount, so many times.
  public Money times(BigDecimal factor) {
    return new Money(usd.multiply(factor));
  }

  /// This amount in so many equal parts, to 34 digits.
  public Money dividedBy(BigDecimal parts) {
    return new Money(usd.divide(parts, MathContext.DECIMAL128));
  }

  /// The amount with two decimals, rounded half-even: what people and JSON are shown.
  public String text() {
    return usd.setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }

  /// Compares the exact amounts.
  @Override
  public int compareTo(Money other) {
    return usd.compareTo(other.usd);
  }
}

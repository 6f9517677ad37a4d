package io.tuneplane.model.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/// Python's `int(...)` and `float(...)`.
final class Conversions {

  private static final int MAX_DIGITS = 4300;

  private Conversions() {}

  /// Whether a conversion of this value fails with an error that the filters `int` and `float`
  /// catch (they don't catch that something is undefined).
  static final class NotNumeric extends Exception {
    private static final long serialVersionUID = 1L;

    NotNumeric() {
      super("not a number", null, false, false);
    }
  }

  /// A number without its fraction.
  ///
  /// @throws Fault if it is infinite or no number
  static Object truncated(Object number) {
    if (!(number instanceof Double real)) {
      return Arithmetic.plus(number);
    }
    if (real.isNaN() || real.isInfinite()) {
      throw new Fault("cannot convert float " + Floats.repr(real) + " to integer");
    }
    return Arithmetic.normal(new BigDecimal(real).toBigInteger());
  }

  static double real(Object value) {
    if (!Arithmetic.isNumber(value)) {
      throw new Fault("must be real number, not " + TypeName.of(value));
    }
    return Arithmetic.real(value);
  }

  /// Python's `int(value)`, or `int(text, base)`.
  static Object toInt(Object value, int base) throws NotNumeric {
    return switch (value) {
      case Undefined undefined -> throw undefined.fault();
      case Double real when real.isNaN() -> throw new NotNumeric();
      case String text -> parse(text, base);
      case Markup markup -> parse(markup.text(), base);
      default -> {
        if (!Arithmetic.isNumber(value)) {
          throw new NotNumeric();
        }
        yield truncated(value);
      }
    };
  }

  private static Object parse(String text, int base) throws NotNumeric {
    String digits = Text.strip(text, null, true, true).toLowerCase(Locale.ROOT);
    boolean negative = digits.startsWith("-");
    String unsigned = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    String prefix = prefix(base);
    if (!prefix.isEmpty() && unsigned.startsWith(prefix)) {
      unsigned = unsigned.substring(prefix.length()).replaceFirst("^_", "");
    }
    if (!unsigned.matches("[\\p{Nd}a-z]++(_[\\p{Nd}a-z]++)*+") || unsigned.length() > MAX_DIGITS) {
      throw new NotNumeric();
    }
    try {
      BigInteger number = new BigInteger(unsigned.replace("_", ""), base);
      return Arithmetic.normal(negative ? number.negate() : number);
    } catch (NumberFormatException e) {
      throw new NotNumeric();
    }
  }

  private static String prefix(int base) {
    return switch (base) {
      case 2 -> "0b";
      case 8 -> "0o";
      case 16 -> "0x";
      case 10 -> "";
      default -> throw Fault.unsupported("a number to the base " + base);
    };
  }

  /// Python's `float(value)`.
  static double toFloat(Object value) throws NotNumeric {
    return switch (value) {
      case Undefined undefined -> throw undefined.fault();
      case String text -> parseFloat(text);
      case Markup markup -> parseFloat(markup.text());
      default -> {
        if (!Arithmetic.isNumber(value)) {
          throw new NotNumeric();
        }
        yield Arithmetic.real(value);
      }
    };
  }

  private static double parseFloat(String text) throws NotNumeric {
    try {
      return Floats.parse(text);
    } catch (NumberFormatException e) {
      throw new NotNumeric();
    }
  }
}

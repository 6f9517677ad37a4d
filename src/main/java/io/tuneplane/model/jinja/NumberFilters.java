package io.tuneplane.model.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/// Filters that make or change numbers.
final class NumberFilters {

  static final List<Builtin> ALL =
      List.of(
          Builtin.of("int", "value default? base?", (_, a) -> toInt(a)),
          Builtin.of("float", "value default?", (_, a) -> toFloat(a)),
          Builtin.of("abs", "/ value", (_, a) -> abs(a.get(0))),
          Builtin.of("round", "value precision? method?", (_, a) -> round(a)));

  private NumberFilters() {}

  private static Object toInt(Builtin.Bound a) {
    try {
      return Conversions.toInt(a.get(0), (int) a.number(2, 10));
    } catch (Conversions.NotNumeric e) {
      return throughFloat(a.get(0), a.get(1, 0L));
    }
  }

  private static Object throughFloat(Object value, Object otherwise) {
    try {
      double real = Conversions.toFloat(value);
      boolean finite = !Double.isNaN(real) && !Double.isInfinite(real);
      return finite ? Conversions.truncated(real) : otherwise;
    } catch (Conversions.NotNumeric e) {
      return otherwise;
    }
  }

  private static Object toFloat(Builtin.Bound a) {
    try {
      return Conversions.toFloat(a.get(0));
    } catch (Conversions.NotNumeric e) {
      return a.get(1, 0.0);
    }
  }

  private static Object abs(Object value) {
    if (value instanceof Double real) {
      return Math.abs(real);
    }
    Object whole = Arithmetic.plus(value);
    return Arithmetic.compare(whole, 0L) < 0 ? Arithmetic.negate(whole) : whole;
  }

  private static Object round(Builtin.Bound a) {
    String method = a.has(2) ? a.text(2) : "common";
    int digits = Math.clamp(a.number(1, 0), -400, 400);
    Object value = a.get(0);
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (!Arithmetic.isNumber(value)) {
      throw new Fault("type " + TypeName.of(value) + " doesn't define __round__ method");
    }
    return switch (method) {
      case "common" -> common(value, digits);
      case "ceil" -> directed(value, digits, true);
      case "floor" -> directed(value, digits, false);
      default -> throw new Fault("method must be common, ceil or floor");
    };
  }

  private static Object common(Object value, int digits) {
    if (value instanceof Double real) {
      return Floats.round(real, digits);
    }
    Object whole = Arithmetic.plus(value);
    BigDecimal exact = new BigDecimal(whole.toString());
    return digits >= 0
        ? whole
        : Arithmetic.normal(exact.setScale(digits, RoundingMode.HALF_EVEN).toBigIntegerExact());
  }

  /// Jinja's way: scale, round, scale back.
  private static Object directed(Object value, int digits, boolean up) {
    Object scale = Arithmetic.power(10L, (long) digits);
    Object scaled = multiplied(value, scale);
    Object whole =
        scaled instanceof Double real
            ? Conversions.truncated(up ? Math.ceil(real) : Math.floor(real))
            : scaled;
    return Arithmetic.divide(whole, scale);
  }

  private static Object multiplied(Object value, Object scale) {
    return value instanceof Double || scale instanceof Double
        ? (Object) (Arithmetic.real(value) * Arithmetic.real(scale))
        : Arithmetic.normal(
            new BigInteger(Arithmetic.plus(value).toString())
                .multiply(new BigInteger(scale.toString())));
  }
}

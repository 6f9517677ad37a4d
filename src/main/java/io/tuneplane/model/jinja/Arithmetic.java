package io.tuneplane.model.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/// Python's operators: whole numbers of any size, floor division, and what `+`, `*` and `%` mean
/// for texts and lists.
final class Arithmetic {

  /// The largest power in bits; Python prints no number beyond 4,300 digits either.
  private static final long MAX_BITS = 1 << 14;

  private static final BigDecimal EXACT = new BigDecimal(1L << 53);

  private Arithmetic() {}

  /// Whether it is an `int`, `bool` or `float`.
  static boolean isNumber(Object value) {
    return value instanceof Long
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof BigInteger;
  }

  static boolean isNan(Object value) {
    return value instanceof Double number && number.isNaN();
  }

  static boolean isInt(Object value) {
    return value instanceof Long || value instanceof Boolean || value instanceof BigInteger;
  }

  /// A whole number in its one form: `Long` if it fits.
  static Object normal(BigInteger number) {
    if (number.bitLength() > MAX_BITS) {
      throw new Fault("a number of more than " + MAX_BITS + " bits");
    }
    return number.bitLength() < Long.SIZE ? (Object) number.longValueExact() : number;
  }

  private static BigInteger big(Object number) {
    return switch (number) {
      case Long whole -> BigInteger.valueOf(whole);
      case Boolean truth -> truth ? BigInteger.ONE : BigInteger.ZERO;
      case BigInteger whole -> whole;
      default -> throw new IllegalArgumentException("not a whole number");
    };
  }

  static double real(Object number) {
    return switch (number) {
      case Double real -> real;
      case Long whole -> (double) whole;
      default -> finite(big(number).doubleValue());
    };
  }

  private static double finite(double number) {
    if (Double.isInfinite(number)) {
      throw new Fault("int too large to convert to float");
    }
    return number;
  }

  static boolean equal(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return a.equals(b);
    }
    if (isNan(left) || isNan(right)) {
      return false;
    }
    return compare(left, right) == 0;
  }

  /// Compares exactly, as Python does for `int` and `float` too.
  static int compare(Object left, Object right) {
    if (left instanceof Double a && right instanceof Double b) {
      return a < b ? -1 : a > b ? 1 : 0;
    }
    if (left instanceof Double a && a.isInfinite()) {
      return a > 0 ? 1 : -1;
    }
    if (right instanceof Double b && b.isInfinite()) {
      return b > 0 ? -1 : 1;
    }
    return exact(left).compareTo(exact(right));
  }

  private static BigDecimal exact(Object number) {
    return number instanceof Double real ? new BigDecimal(real) : new BigDecimal(big(number));
  }

  static Object add(Run run, Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      run.textOf((long) a.length() + b.length());
      return a.concat(b);
    }
    if (left instanceof Long a && right instanceof Long b) {
      long sum = a + b;
      boolean fits = ((a ^ sum) & (b ^ sum)) >= 0;
      return fits ? (Object) sum : big(left).add(big(right));
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return joined(run, a, b);
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return new Tuple(joined(run, a.items(), b.items()));
    }
    return numeric("+", left, right, (a, b) -> normal(a.add(b)), Double::sum);
  }

  private static List<Object> joined(Run run, List<?> left, List<?> right) {
    List<Object> all = new ArrayList<>(run.listOf((long) left.size() + right.size()));
    all.addAll(left);
    all.addAll(right);
    return all;
  }

  static Object subtract(Object left, Object right) {
    return numeric("-", left, right, (a, b) -> normal(a.subtract(b)), (a, b) -> a - b);
  }

  static Object multiply(Run run, Object left, Object right) {
    if (isInt(left) && !isNumber(right)) {
      return repeat(run, right, left, left, right);
    }
    if (isInt(right) && !isNumber(left)) {
      return repeat(run, left, right, left, right);
    }
    return numeric("*", left, right, (a, b) -> normal(a.multiply(b)), (a, b) -> a * b);
  }

  private static Object repeat(Run run, Object value, Object times, Object left, Object right) {
    long n = Math.max(0, big(times).min(BigInteger.valueOf(1L << 40)).longValueExact());
    return switch (value) {
      case String text -> repeated(run, text, n);
      case List<?> list -> repeated(run, list, n);
      case Tuple tuple -> new Tuple(repeated(run, tuple.items(), n));
      default -> throw unfit("*", left, right);
    };
  }

  private static String repeated(Run run, String text, long times) {
    if (text.isEmpty()) {
      return text;
    }
    run.textOf(text.length() * times);
    return text.repeat((int) times);
  }

  private static List<Object> repeated(Run run, List<?> list, long times) {
    List<Object> all = new ArrayList<>(run.listOf(list.size() * times));
    for (long i = 0; i < times && !list.isEmpty(); i++) {
      all.addAll(list);
    }
    return all;
  }

  static Object divide(Object left, Object right) {
    if (isInt(left) && isInt(right)) {
      requireDivisor(right);
      return quotient(big(left), big(right));
    }
    return numeric(
        "/",
        left,
        right,
        (a, b) -> quotient(a, b),
        (a, b) -> {
          requireDivisor(b);
          return a / b;
        });
  }

  private static Object quotient(BigInteger left, BigInteger right) {
    BigDecimal a = new BigDecimal(left);
    BigDecimal b = new BigDecimal(right);
    if (a.abs().compareTo(EXACT) <= 0 && b.abs().compareTo(EXACT) <= 0) {
      return left.doubleValue() / right.doubleValue();
    }
    return finite(a.divide(b, new MathContext(60)).doubleValue());
  }

  static Object floorDivide(Object left, Object right) {
    return numeric(
        "//",
        left,
        right,
        (a, b) -> normal(floorDivide(a, b)),
        (a, b) -> {
          requireDivisor(b);
          return floorDivide(a, b);
        });
  }

  private static BigInteger floorDivide(BigInteger left, BigInteger right) {
    requireDivisor(right);
    BigInteger[] parts = left.divideAndRemainder(right);
    boolean below = parts[1].signum() != 0 && parts[1].signum() != right.signum();
    return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  /// CPython's floor division of floats: from the exact remainder, so that it fits with `%`.
  private static double floorDivide(double left, double right) {
    double exact = (left - modulo(left, right)) / right;
    if (exact == 0) {
      return Math.copySign(0.0, left / right);
    }
    double floor = Math.floor(exact);
    return exact - floor > 0.5 ? floor + 1 : floor;
  }

  static Object modulo(Run run, Object left, Object right) {
    if (left instanceof String format) {
      return PercentFormat.format(run, format, right);
    }
    return numeric(
        "%",
        left,
        right,
        (a, b) -> normal(a.subtract(floorDivide(a, b).multiply(b))),
        (a, b) -> {
          requireDivisor(b);
          return modulo(a, b);
        });
  }

  private static double modulo(double left, double right) {
    double rest = left % right;
    if (rest == 0) {
      return Math.copySign(0.0, right);
    }
    return (rest < 0) != (right < 0) ? rest + right : rest;
  }

  private static void requireDivisor(Object divisor) {
    boolean zero = divisor instanceof Double real ? real == 0 : big(divisor).signum() == 0;
    if (zero) {
      throw new Fault("division by zero");
    }
  }

  static Object power(Object left, Object right) {
    return numeric("**", left, right, Arithmetic::wholePower, Arithmetic::realPower);
  }

  private static Object wholePower(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      return realPower(finite(base.doubleValue()), finite(exponent.doubleValue()));
    }
    BigInteger bits = exponent.multiply(BigInteger.valueOf(Math.max(1, base.bitLength())));
    boolean small = base.abs().bitLength() <= 1;
    if (!small && bits.compareTo(BigInteger.valueOf(MAX_BITS)) > 0) {
      throw new Fault("a number of more than " + MAX_BITS + " bits");
    }
    int same = small && exponent.signum() != 0 ? (exponent.testBit(0) ? 1 : 2) : -1;
    return normal(base.pow(same > 0 ? same : exponent.intValueExact()));
  }

  private static double realPower(double base, double exponent) {
    if (base == 0 && exponent < 0) {
      throw new Fault("0.0 cannot be raised to a negative power");
    }
    if (base < 0 && exponent != Math.rint(exponent) && !Double.isInfinite(exponent)) {
      throw Fault.unsupported("a complex number");
    }
    double power = base == 1 ? 1 : Math.pow(base, exponent);
    if (Double.isInfinite(power) && !Double.isInfinite(base) && !Double.isInfinite(exponent)) {
      throw new Fault("Numerical result out of range");
    }
    return power;
  }

  static Object negate(Object value) {
    return value instanceof Double real ? (Object) (-real) : normal(whole(value, "-").negate());
  }

  static Object plus(Object value) {
    return value instanceof Double ? value : normal(whole(value, "+"));
  }

  private static BigInteger whole(Object value, String sign) {
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    if (!isInt(value)) {
      throw new Fault("bad operand type for unary " + sign + ": '" + TypeName.of(value) + "'");
    }
    return big(value);
  }

  private interface OfInts {
    Object apply(BigInteger left, BigInteger right);
  }

  private interface OfReals {
    double apply(double left, double right);
  }

  private static Object numeric(
      String operator, Object left, Object right, OfInts ints, OfReals reals) {
    if (isInt(left) && isInt(right)) {
      return ints.apply(big(left), big(right));
    }
    if (isNumber(left) && isNumber(right)) {
      return reals.apply(real(left), real(right));
    }
    throw unfit(operator, left, right);
  }

  private static Fault unfit(String operator, Object left, Object right) {
    if (left instanceof Undefined undefined) {
      return undefined.fault();
    }
    if (right instanceof Undefined undefined) {
      return undefined.fault();
    }
    if (left instanceof Markup || right instanceof Markup) {
      return Fault.unsupported("'" + operator + "' with a text that is marked safe");
    }
    return new Fault(
        "unsupported operand type(s) for "
            + operator
            + ": '"
            + TypeName.of(left)
            + "' and '"
            + TypeName.of(right)
            + "'");
  }
}

package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What can stand after `is`.
final class Tests {

  static final List<Builtin> ALL = all();

  private Tests() {}

  private static List<Builtin> all() {
    List<Builtin> all = new ArrayList<>();
    all.addAll(kinds());
    all.addAll(values());
    all.addAll(comparisons());
    return all;
  }

  private static List<Builtin> kinds() {
    return List.of(
        test("defined", v -> !(v instanceof Undefined)),
        test("undefined", v -> v instanceof Undefined),
        test("none", v -> v == None.NONE),
        test("boolean", v -> v instanceof Boolean),
        test("true", v -> v.equals(true)),
        test("false", v -> v.equals(false)),
        test("integer", v -> Arithmetic.isInt(v) && !(v instanceof Boolean)),
        test("float", v -> v instanceof Double),
        test("number", Arithmetic::isNumber),
        test("string", v -> v instanceof String || v instanceof Markup),
        test("mapping", v -> v instanceof Dict),
        test("sequence", Tests::isSequence),
        test("iterable", Elements::iterable),
        test("callable", v -> v instanceof Callable || v instanceof Undefined));
  }

  private static boolean isSequence(Object value) {
    return switch (value) {
      case DictView _, Loop _ -> false;
      default -> Elements.lengthOrNone(value) >= 0;
    };
  }

  private static List<Builtin> values() {
    return List.of(
        Builtin.of("odd", "value", (run, a) -> remainder(run, a.get(0), 2L, 1L)),
        Builtin.of("even", "value", (run, a) -> remainder(run, a.get(0), 2L, 0L)),
        Builtin.of("divisibleby", "value num", (run, a) -> remainder(run, a.get(0), a.get(1), 0L)),
        test("lower", v -> Case.isAll(Display.str(v), Character::isLowerCase)),
        test("upper", v -> Case.isAll(Display.str(v), Character::isUpperCase)),
        test("filter", Library::hasFilter),
        test("test", Library::hasTest),
        Builtin.of("in", "value seq", (run, a) -> Elements.contains(run, a.get(1), a.get(0))));
  }

  private static boolean remainder(Run run, Object value, Object divisor, Object wanted) {
    return Equality.equal(run, Arithmetic.modulo(run, value, divisor), wanted);
  }

  private static List<Builtin> comparisons() {
    List<Builtin> all = new ArrayList<>();
    for (String name : List.of("eq", "equalto", "==")) {
      all.add(compare(name, (run, a) -> Equality.equal(run, a.get(0), a.get(1))));
    }
    for (String name : List.of("ne", "!=")) {
      all.add(compare(name, (run, a) -> !Equality.equal(run, a.get(0), a.get(1))));
    }
    ordered(all, ">", "gt", "greaterthan", ">");
    ordered(all, ">=", "ge", ">=");
    ordered(all, "<", "lt", "lessthan", "<");
    ordered(all, "<=", "le", "<=");
    return all;
  }

  private static void ordered(List<Builtin> all, String operator, String... names) {
    for (String name : names) {
      all.add(compare(name, (run, a) -> Ordering.holds(run, operator, a.get(0), a.get(1))));
    }
  }

  private static Builtin compare(String name, Builtin.Body body) {
    return Builtin.of(name, "/ value other", body);
  }

  private static Builtin test(String name, Predicate<Object> test) {
    return Builtin.of(name, "value", (_, a) -> test.test(a.get(0)));
  }
}

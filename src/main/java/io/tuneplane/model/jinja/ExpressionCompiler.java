package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Expr.Args;
import io.tuneplane.model.jinja.Expr.Named;
import io.tuneplane.model.jinja.Symbols.Ref;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns expressions into code.
final class ExpressionCompiler {

  private static final Eval NOTHING =
      _ -> {
        throw new IllegalStateException("a filter without input outside of a filter block");
      };

  private ExpressionCompiler() {}

  static Eval compile(Expr expr, Scope scope) {
    return switch (expr) {
      case Expr.Const(var value) -> _ -> value;
      case Expr.Name(var name) -> name(name, scope);
      case Expr.TupleOf(var items) -> tuple(items, scope);
      case Expr.ListOf(var items) -> list(items, scope);
      case Expr.DictOf(var pairs) -> dict(pairs, scope);
      case Expr.Unary(var operator, var operand) -> unary(operator, compile(operand, scope));
      case Expr.Binary binary -> binary(binary, scope);
      case Expr.And(var left, var right) -> and(compile(left, scope), compile(right, scope));
      case Expr.Or(var left, var right) -> or(compile(left, scope), compile(right, scope));
      case Expr.Not(var operand) -> not(compile(operand, scope));
      case Expr.Compare compare -> comparison(compare, scope);
      case Expr.Concat(var parts) -> concat(parts, scope);
      case Expr.Conditional conditional -> conditional(conditional, scope.softened());
      case Expr.Attribute(var object, var name) -> attribute(compile(object, scope), name);
      case Expr.Item(var object, var key) -> item(compile(object, scope), compile(key, scope));
      case Expr.Slice slice -> slice(slice, scope);
      case Expr.Call(var callee, var args) -> call(compile(callee, scope), args(args, scope));
      case Expr.Filter filter -> filter(filter, scope, NOTHING);
      case Expr.Test test -> test(test, scope);
    };
  }

  private static Eval name(String name, Scope scope) {
    Ref ref = scope.symbols().ref(name);
    int slot = ref.slot();
    int hops = scope.function().hopsTo(ref.function());
    return hops == 0
        ? a -> orUndefined(a.slots[slot], name)
        : a -> orUndefined(a.outward(hops).slots[slot], name);
  }

  private static Object orUndefined(@Nullable Object value, String name) {
    return value != null ? value : Undefined.name(name);
  }

  private static Eval[] all(List<Expr> exprs, Scope scope) {
    return exprs.stream().map(e -> compile(e, scope)).toArray(Eval[]::new);
  }

  private static List<Object> values(Eval[] evals, Activation a) {
    List<Object> values = new ArrayList<>(evals.length);
    for (Eval eval : evals) {
      values.add(eval.eval(a));
    }
    return values;
  }

  private static Eval tuple(List<Expr> items, Scope scope) {
    Eval[] evals = all(items, scope);
    return a -> new Tuple(values(evals, a));
  }

  private static Eval list(List<Expr> items, Scope scope) {
    Eval[] evals = all(items, scope);
    return a -> values(evals, a);
  }

  private static Eval dict(List<Expr> pairs, Scope scope) {
    Eval[] evals = all(pairs, scope);
    return a -> {
      Dict dict = new Dict();
      for (int i = 0; i < evals.length; i += 2) {
        Object key = evals[i].eval(a);
        dict.put(key, evals[i + 1].eval(a));
      }
      return dict;
    };
  }

  private static Eval unary(char operator, Eval operand) {
    return operator == '-'
        ? a -> Arithmetic.negate(operand.eval(a))
        : a -> Arithmetic.plus(operand.eval(a));
  }

  private static Eval binary(Expr.Binary binary, Scope scope) {
    Eval left = compile(binary.left(), scope);
    Eval right = compile(binary.right(), scope);
    return switch (binary.operator()) {
      case "+" -> a -> Arithmetic.add(a.run, left.eval(a), right.eval(a));
      case "-" -> a -> Arithmetic.subtract(left.eval(a), right.eval(a));
      case "*" -> a -> Arithmetic.multiply(a.run, left.eval(a), right.eval(a));
      case "/" -> a -> Arithmetic.divide(left.eval(a), right.eval(a));
      case "//" -> a -> Arithmetic.floorDivide(left.eval(a), right.eval(a));
      case "%" -> a -> Arithmetic.modulo(a.run, left.eval(a), right.eval(a));
      case "**" -> a -> Arithmetic.power(left.eval(a), right.eval(a));
      default -> throw new IllegalArgumentException(binary.operator());
    };
  }

  private static Eval and(Eval left, Eval right) {
    return a -> {
      Object value = left.eval(a);
      return Truth.of(value) ? right.eval(a) : value;
    };
  }

  private static Eval or(Eval left, Eval right) {
    return a -> {
      Object value = left.eval(a);
      return Truth.of(value) ? value : right.eval(a);
    };
  }

  private static Eval not(Eval operand) {
    return a -> !Truth.of(operand.eval(a));
  }

  private static Eval comparison(Expr.Compare compare, Scope scope) {
    Eval[] operands = all(compare.operands(), scope);
    Comparison[] operators =
        compare.operators().stream().map(Comparison::of).toArray(Comparison[]::new);
    if (operators.length == 1) {
      return a -> operators[0].holds(a.run, operands[0].eval(a), operands[1].eval(a));
    }
    return a -> {
      Object left = operands[0].eval(a);
      for (int i = 0; i < operators.length; i++) {
        Object right = operands[i + 1].eval(a);
        if (!operators[i].holds(a.run, left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    };
  }

  private interface Comparison {

    boolean holds(Run run, Object left, Object right);

    static Comparison of(String operator) {
      return switch (operator) {
        case "==" -> Equality::equal;
        case "!=" -> (run, left, right) -> !Equality.equal(run, left, right);
        case "in" -> (run, left, right) -> Elements.contains(run, right, left);
        case "not in" -> (run, left, right) -> !Elements.contains(run, right, left);
        default -> (run, left, right) -> Ordering.holds(run, operator, left, right);
      };
    }
  }

  private static Eval concat(List<Expr> parts, Scope scope) {
    Eval[] evals = all(parts, scope);
    return a -> {
      StringBuilder text = new StringBuilder();
      for (Eval eval : evals) {
        String part = Display.str(eval.eval(a));
        a.run.print(text.length(), part.length());
        text.append(part);
      }
      return text.toString();
    };
  }

  private static Eval conditional(Expr.Conditional conditional, Scope scope) {
    Eval test = compile(conditional.test(), scope);
    Eval then = compile(conditional.then(), scope);
    Eval otherwise =
        conditional.otherwise() != null
            ? compile(conditional.otherwise(), scope)
            : _ -> noElse(conditional.line());
    return a -> Truth.of(test.eval(a)) ? then.eval(a) : otherwise.eval(a);
  }

  private static Undefined noElse(int line) {
    return new Undefined(
        "the inline if-expression on line "
            + line
            + " evaluated to false and no else section was defined.");
  }

  private static Eval attribute(Eval object, String name) {
    return a -> Members.attribute(object.eval(a), name);
  }

  private static Eval item(Eval object, Eval key) {
    return a -> Members.item(object.eval(a), key.eval(a));
  }

  private static Eval slice(Expr.Slice slice, Scope scope) {
    Eval object = compile(slice.object(), scope);
    Eval start = bound(slice.start(), scope);
    Eval stop = bound(slice.stop(), scope);
    Eval step = bound(slice.step(), scope);
    return a -> Slices.of(a.run, object.eval(a), start.eval(a), stop.eval(a), step.eval(a));
  }

  private static Eval bound(@Nullable Expr bound, Scope scope) {
    return bound == null ? _ -> None.NONE : compile(bound, scope);
  }

  private static Eval call(Eval callee, ArgsEval args) {
    return a -> callable(callee.eval(a)).call(a.run, args.eval(a));
  }

  /// The value as something that can be called.
  ///
  /// @throws Fault if it can't
  static Callable callable(Object value) {
    return switch (value) {
      case Callable callable -> callable;
      case Undefined undefined -> throw undefined.fault();
      default -> throw new Fault("'" + TypeName.of(value) + "' object is not callable");
    };
  }

  /// A filter, or a chain of them; the first one's input is `first` where it has none.
  static Eval filter(Expr.Filter filter, Scope scope, Eval first) {
    Eval input =
        switch (filter.input()) {
          case null -> first;
          case Expr.Filter inner -> filter(inner, scope, first);
          case Expr expr -> compile(expr, scope);
        };
    Callable function = known(Library::filter, "filter", filter.name(), filter.line(), scope);
    return applied(function, input, args(filter.args(), scope));
  }

  private static Eval test(Expr.Test test, Scope scope) {
    Eval input = compile(test.input(), scope);
    Callable function = known(Library::test, "test", test.name(), test.line(), scope);
    return applied(function, input, args(test.args(), scope));
  }

  private static Eval applied(Callable function, Eval input, ArgsEval args) {
    return a -> {
      Object value = input.eval(a);
      a.run.spendOn(value);
      return function.call(a.run, args.eval(a).after(value));
    };
  }

  private static Callable known(Lookup lookup, String kind, String name, int line, Scope scope) {
    try {
      Optional<Callable> function = lookup.find(name);
      if (function.isEmpty() && !scope.soft()) {
        throw new Fault("No " + kind + " named " + Display.quoted(name) + ".");
      }
      return function.orElseGet(() -> unknown(kind, name));
    } catch (Fault fault) {
      throw fault.at(line);
    }
  }

  private interface Lookup {
    Optional<Callable> find(String name);
  }

  private static Callable unknown(String kind, String name) {
    return Builtin.raw(
        name,
        (_, _) -> {
          throw new Fault("No " + kind + " named " + Display.quoted(name) + " found.");
        });
  }

  /// Compiled arguments.
  interface ArgsEval {

    Arguments eval(Activation activation);
  }

  static ArgsEval args(Args args, Scope scope) {
    Eval[] positional = all(args.positional(), scope);
    boolean plain = args.named().isEmpty() && args.star() == null && args.starStar() == null;
    if (plain) {
      return positional.length == 0
          ? _ -> Arguments.NONE
          : a -> new Arguments(values(positional, a), Map.of());
    }
    return rest(args, positional, scope);
  }

  private static ArgsEval rest(Args args, Eval[] positional, Scope scope) {
    String[] names = args.named().stream().map(Named::name).toArray(String[]::new);
    Eval[] named = all(args.named().stream().map(Named::value).toList(), scope);
    Eval star = args.star() == null ? null : compile(args.star(), scope);
    Eval starStar = args.starStar() == null ? null : compile(args.starStar(), scope);
    return a -> {
      List<Object> all = values(positional, a);
      Map<String, Object> byName = new LinkedHashMap<>();
      for (int i = 0; i < names.length; i++) {
        byName.put(names[i], named[i].eval(a));
      }
      if (star != null) {
        all.addAll(Elements.all(a.run, star.eval(a)));
      }
      if (starStar != null) {
        spread(starStar.eval(a), byName);
      }
      return new Arguments(all, byName);
    };
  }

  private static void spread(Object value, Map<String, Object> byName) {
    if (!(value instanceof Dict dict)) {
      throw new Fault("argument after ** must be a mapping, not " + TypeName.of(value));
    }
    for (Object key : dict.keys()) {
      if (!(key instanceof String name)) {
        throw new Fault("keywords must be strings");
      }
      if (byName.put(name, Members.item(dict, name)) != null) {
        throw new Fault("got multiple values for keyword argument " + Display.quoted(name));
      }
    }
  }
}

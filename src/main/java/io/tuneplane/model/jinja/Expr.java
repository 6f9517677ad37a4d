package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression as it was parsed.
sealed interface Expr {

  record Const(Object value) implements Expr {}

  record Name(String name) implements Expr {}

  record TupleOf(List<Expr> items) implements Expr {}

  record ListOf(List<Expr> items) implements Expr {}

  /// Keys and values in turn.
  record DictOf(List<Expr> pairs) implements Expr {}

  record Unary(char operator, Expr operand) implements Expr {}

  record Binary(String operator, Expr left, Expr right) implements Expr {}

  record And(Expr left, Expr right) implements Expr {}

  record Or(Expr left, Expr right) implements Expr {}

  record Not(Expr operand) implements Expr {}

  /// A chain such as `a < b <= c`: one operator less than operands.
  record Compare(List<Expr> operands, List<String> operators) implements Expr {}

  record Concat(List<Expr> parts) implements Expr {}

  record Conditional(Expr test, Expr then, @Nullable Expr otherwise, int line) implements Expr {}

  record Attribute(Expr object, String name) implements Expr {}

  record Item(Expr object, Expr key) implements Expr {}

  record Slice(Expr object, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step)
      implements Expr {}

  record Call(Expr callee, Args args) implements Expr {}

  /// A filter; without input inside a `filter` block.
  record Filter(@Nullable Expr input, String name, Args args, int line) implements Expr {}

  record Test(Expr input, String name, Args args, int line) implements Expr {}

  /// What stands in the parentheses of a call.
  record Args(
      List<Expr> positional, List<Named> named, @Nullable Expr star, @Nullable Expr starStar) {

    static final Args NONE = new Args(List.of(), List.of(), null, null);

    List<Expr> all() {
      List<Expr> all = new ArrayList<>(positional);
      named.forEach(n -> all.add(n.value()));
      return with(all, star, starStar);
    }
  }

  record Named(String name, Expr value) {}

  /// The expressions directly inside, in the order in which Jinja looks for names.
  default List<Expr> children() {
    return switch (this) {
      case Const _, Name _ -> List.of();
      case TupleOf(var items) -> items;
      case ListOf(var items) -> items;
      case DictOf(var pairs) -> pairs;
      case Unary(_, var operand) -> List.of(operand);
      case Binary(_, var left, var right) -> List.of(left, right);
      case And(var left, var right) -> List.of(left, right);
      case Or(var left, var right) -> List.of(left, right);
      case Not(var operand) -> List.of(operand);
      case Compare(var operands, _) -> operands;
      case Concat(var parts) -> parts;
      case Conditional(var test, var then, var otherwise, _) ->
          with(new ArrayList<>(List.of(test, then)), otherwise, null);
      case Attribute(var object, _) -> List.of(object);
      case Item(var object, var key) -> List.of(object, key);
      case Slice(var object, var start, var stop, var step) ->
          with(with(new ArrayList<>(List.of(object)), start, stop), step, null);
      case Call(var callee, var args) -> with(new ArrayList<>(List.of(callee)), args);
      case Filter(var input, _, var args, _) -> with(with(new ArrayList<>(), input, null), args);
      case Test(var input, _, var args, _) -> with(new ArrayList<>(List.of(input)), args);
    };
  }

  private static List<Expr> with(List<Expr> list, Args args) {
    list.addAll(args.all());
    return list;
  }

  private static List<Expr> with(List<Expr> list, @Nullable Expr one, @Nullable Expr two) {
    if (one != null) {
      list.add(one);
    }
    if (two != null) {
      list.add(two);
    }
    return list;
  }
}

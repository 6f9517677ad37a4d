package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Stmt.Branch;
import io.tuneplane.model.jinja.Stmt.Signature;
import java.util.ArrayList;
import java.util.List;

/// Tells a scope which names its statements read and set, in Jinja's order. Statements that open a
/// scope of their own are not gone into; what they evaluate outside of it is.
final class Analysis {

  private Analysis() {}

  static void statements(List<Stmt> statements, Symbols symbols) {
    statements.forEach(s -> statement(s, symbols));
  }

  private static void statement(Stmt statement, Symbols symbols) {
    switch (statement) {
      case Stmt.TextOut _, Stmt.Break _, Stmt.Continue _, Stmt.Generation _ -> {}
      case Stmt.Output(var value, _) -> expression(value, symbols);
      case Stmt.For loop -> expression(loop.iterable(), symbols);
      case Stmt.If condition -> condition(condition, symbols);
      case Stmt.Assign(var target, var value, _) -> {
        expression(value, symbols);
        target(target, symbols);
      }
      case Stmt.AssignBlock block -> target(block.target(), symbols);
      case Stmt.With with -> with.values().forEach(v -> expression(v, symbols));
      case Stmt.MacroOf macro -> symbols.store(macro.name());
      case Stmt.CallBlock block -> expression(block.call(), symbols);
      case Stmt.FilterBlock block -> expression(block.filter(), symbols);
    }
  }

  private static void condition(Stmt.If condition, Symbols symbols) {
    List<Branch> branches = condition.branches();
    expression(branches.getFirst().test(), symbols);
    List<Symbols.Branch> ways = new ArrayList<>();
    ways.add(s -> statements(branches.getFirst().body(), s));
    ways.add(s -> branches.stream().skip(1).forEach(b -> elseIf(b, s)));
    ways.add(s -> statements(condition.otherwise(), s));
    symbols.branches(ways);
  }

  private static void elseIf(Branch branch, Symbols symbols) {
    expression(branch.test(), symbols);
    symbols.branches(List.of(s -> statements(branch.body(), s)));
  }

  static void expression(Expr expr, Symbols symbols) {
    if (expr instanceof Expr.Name(var name)) {
      symbols.load(name);
    }
    expr.children().forEach(e -> expression(e, symbols));
  }

  private static void target(Target target, Symbols symbols) {
    switch (target) {
      case Target.Variable(var name) -> symbols.store(name);
      case Target.Unpacked(var targets) -> targets.forEach(t -> target(t, symbols));
      case Target.NamespaceAttribute(var namespace, _) -> symbols.load(namespace);
    }
  }

  /// The names that a statement gives values when it opens its scope.
  static void given(Target target, Symbols symbols) {
    switch (target) {
      case Target.Variable(var name) -> symbols.declare(name);
      case Target.Unpacked(var targets) -> targets.forEach(t -> given(t, symbols));
      case Target.NamespaceAttribute _ -> throw new Fault("can't assign to an attribute here");
    }
  }

  /// A macro's scope.
  static void signature(Signature signature, Symbols symbols) {
    signature.parameters().forEach(symbols::declare);
    signature.defaults().forEach(d -> expression(d, symbols));
    statements(signature.body(), symbols);
  }
}

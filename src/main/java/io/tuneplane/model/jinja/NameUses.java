package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Stmt.Signature;
import java.util.ArrayList;
import java.util.List;

/// Every use of a name in statements, scopes inside included, in the order of Jinja's tree.
final class NameUses {

  enum Kind {
    READ,
    SET,
    PARAMETER
  }

  record Use(String name, Kind kind) {}

  private final List<Use> uses = new ArrayList<>();

  private NameUses() {}

  static List<Use> of(List<Stmt> statements) {
    NameUses all = new NameUses();
    all.statements(statements);
    return all.uses;
  }

  static List<Use> of(Stmt statement) {
    return of(List.of(statement));
  }

  /// Whether the name is read before it is set: then a special variable of that name is meant.
  static boolean needs(List<Stmt> statements, String name) {
    return of(statements).stream()
        .filter(u -> u.name().equals(name))
        .findFirst()
        .filter(u -> u.kind() == Kind.READ)
        .isPresent();
  }

  private void statements(List<Stmt> statements) {
    statements.forEach(this::statement);
  }

  private void statement(Stmt statement) {
    switch (statement) {
      case Stmt.TextOut _, Stmt.Break _, Stmt.Continue _ -> {}
      case Stmt.Output(var value, _) -> expression(value);
      case Stmt.For loop -> loop(loop);
      case Stmt.If condition -> condition(condition);
      case Stmt.Assign(var target, var value, _) -> {
        target(target, Kind.SET);
        expression(value);
      }
      case Stmt.AssignBlock block -> assignment(block);
      case Stmt.With with -> {
        with.targets().forEach(t -> target(t, Kind.PARAMETER));
        with.values().forEach(this::expression);
        statements(with.body());
      }
      case Stmt.MacroOf macro -> signature(macro.signature());
      case Stmt.CallBlock block -> {
        expression(block.call());
        signature(block.signature());
      }
      case Stmt.FilterBlock block -> {
        statements(block.body());
        expression(block.filter());
      }
      case Stmt.Generation generation -> signature(generation.signature());
    }
  }

  private void loop(Stmt.For loop) {
    target(loop.target(), Kind.SET);
    expression(loop.iterable());
    statements(loop.body());
    statements(loop.otherwise());
    if (loop.test() != null) {
      expression(loop.test());
    }
  }

  private void condition(Stmt.If condition) {
    condition
        .branches()
        .forEach(b -> {
          expression(b.test());
          statements(b.body());
        });
    statements(condition.otherwise());
  }

  private void assignment(Stmt.AssignBlock block) {
    target(block.target(), Kind.SET);
    if (block.filter() != null) {
      expression(block.filter());
    }
    statements(block.body());
  }

  private void signature(Signature signature) {
    signature.parameters().forEach(p -> uses.add(new Use(p, Kind.PARAMETER)));
    signature.defaults().forEach(this::expression);
    statements(signature.body());
  }

  private void expression(Expr expr) {
    if (expr instanceof Expr.Name(var name)) {
      uses.add(new Use(name, Kind.READ));
    }
    expr.children().forEach(this::expression);
  }

  private void target(Target target, Kind kind) {
    switch (target) {
      case Target.Variable(var name) -> uses.add(new Use(name, kind));
      case Target.Unpacked(var targets) -> targets.forEach(t -> target(t, kind));
      case Target.NamespaceAttribute _ -> {}
    }
  }
}

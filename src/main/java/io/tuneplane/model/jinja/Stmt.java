package io.tuneplane.model.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement as it was parsed.
sealed interface Stmt {

  record TextOut(String text) implements Stmt {}

  record Output(Expr value, int line) implements Stmt {}

  record For(
      Target target,
      Expr iterable,
      @Nullable Expr test,
      List<Stmt> body,
      List<Stmt> otherwise,
      int line)
      implements Stmt {}

  /// A condition.
  ///
  /// @param branches `if` and every `elif`
  record If(List<Branch> branches, List<Stmt> otherwise) implements Stmt {}

  record Branch(Expr test, List<Stmt> body, int line) {}

  record Assign(Target target, Expr value, int line) implements Stmt {}

  record AssignBlock(Target target, Expr.@Nullable Filter filter, List<Stmt> body, int line)
      implements Stmt {}

  record With(List<Target> targets, List<Expr> values, List<Stmt> body, int line) implements Stmt {}

  record MacroOf(String name, Signature signature, int line) implements Stmt {}

  /// A call whose callee can call the body back.
  record CallBlock(Expr.Call call, Signature signature, int line) implements Stmt {}

  record FilterBlock(Expr.Filter filter, List<Stmt> body, int line) implements Stmt {}

  /// What the assistant said; prints its body.
  record Generation(Signature signature, int line) implements Stmt {}

  record Break(int line) implements Stmt {}

  record Continue(int line) implements Stmt {}

  /// Parameters and body of a macro; the last parameters have the defaults.
  record Signature(List<String> parameters, List<Expr> defaults, List<Stmt> body) {}
}

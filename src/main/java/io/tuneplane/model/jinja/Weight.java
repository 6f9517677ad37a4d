package io.tuneplane.model.jinja;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How deep statements and the expressions in them are nested: what running them may take of the
/// stack. Macros inside count when they are called.
final class Weight {

  private Weight() {}

  static int of(List<Stmt> statements) {
    return statements.stream().mapToInt(Weight::of).max().orElse(0);
  }

  private static int of(Stmt statement) {
    return 1
        + switch (statement) {
          case Stmt.TextOut _, Stmt.Break _, Stmt.Continue _, Stmt.MacroOf _ -> 0;
          case Stmt.Output(var value, _) -> of(value);
          case Stmt.For loop ->
              max(
                  of(loop.iterable()),
                  loop.test() == null ? 0 : of(loop.test()),
                  of(loop.body()),
                  of(loop.otherwise()));
          case Stmt.If condition ->
              condition.branches().stream()
                  .flatMap(b -> Stream.of(of(b.test()), of(b.body())))
                  .mapToInt(w -> w)
                  .reduce(of(condition.otherwise()), Math::max);
          case Stmt.Assign(_, var value, _) -> of(value);
          case Stmt.AssignBlock block -> max(of(block.body()), filter(block.filter()));
          case Stmt.With with -> max(of(with.body()), ofAll(with.values()));
          case Stmt.CallBlock block -> of(block.call());
          case Stmt.FilterBlock block -> max(of(block.body()), of(block.filter()));
          case Stmt.Generation _ -> 1;
        };
  }

  private static int filter(Expr.@Nullable Filter filter) {
    return filter == null ? 0 : of(filter);
  }

  private static int of(Expr expr) {
    return 1 + ofAll(expr.children());
  }

  private static int ofAll(List<Expr> exprs) {
    return exprs.stream().mapToInt(Weight::of).max().orElse(0);
  }

  private static int max(int... weights) {
    return IntStream.of(weights).max().orElse(0);
  }
}

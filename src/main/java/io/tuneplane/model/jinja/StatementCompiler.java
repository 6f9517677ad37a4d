package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Step.Flow;
import io.tuneplane.model.jinja.Symbols.Ref;
import java.util.List;
import java.util.function.Consumer;

/// Turns statements into code.
final class StatementCompiler {

  private StatementCompiler() {}

  static Step compile(List<Stmt> statements, Scope scope) {
    return Step.sequence(statements.stream().map(s -> compile(s, scope)).toArray(Step[]::new));
  }

  private static Step compile(Stmt statement, Scope scope) {
    return switch (statement) {
      case Stmt.TextOut(var text) -> text(text);
      case Stmt.Output(var value, var line) -> output(value, scope).at(line);
      case Stmt.For loop -> LoopCompiler.compile(loop, scope).at(loop.line());
      case Stmt.If condition -> condition(condition, scope.softened());
      case Stmt.Assign(var target, var value, var line) ->
          assignment(target, value, scope).at(line);
      case Stmt.AssignBlock block -> assignment(block, scope).at(block.line());
      case Stmt.With with -> with(with, scope).at(with.line());
      case Stmt.MacroOf macro -> macro(macro, scope);
      case Stmt.CallBlock block -> call(block, scope).at(block.line());
      case Stmt.FilterBlock block -> filter(block, scope).at(block.line());
      case Stmt.Generation generation -> generation(generation, scope);
      case Stmt.Break(var line) -> jump(Flow.BREAK, "break", scope, line);
      case Stmt.Continue(var line) -> jump(Flow.CONTINUE, "continue", scope, line);
    };
  }

  private static Step text(String text) {
    return a -> {
      a.print(text);
      return Flow.NEXT;
    };
  }

  private static Step output(Expr value, Scope scope) {
    Eval eval = ExpressionCompiler.compile(value, scope);
    return a -> {
      a.print(Display.str(eval.eval(a)));
      return Flow.NEXT;
    };
  }

  private static Step jump(Flow flow, String tag, Scope scope, int line) {
    if (!scope.inLoop()) {
      throw new Fault("'" + tag + "' outside loop", line);
    }
    return _ -> flow;
  }

  private static Step condition(Stmt.If condition, Scope scope) {
    Eval[] tests = condition.branches().stream().map(b -> test(b, scope)).toArray(Eval[]::new);
    Step[] bodies =
        condition.branches().stream().map(b -> compile(b.body(), scope)).toArray(Step[]::new);
    Step otherwise = compile(condition.otherwise(), scope);
    return a -> {
      for (int i = 0; i < tests.length; i++) {
        if (Truth.of(tests[i].eval(a))) {
          return bodies[i].run(a);
        }
      }
      return otherwise.run(a);
    };
  }

  private static Eval test(Stmt.Branch branch, Scope scope) {
    Eval test = ExpressionCompiler.compile(branch.test(), scope);
    return a -> {
      try {
        return test.eval(a);
      } catch (Fault fault) {
        throw fault.at(branch.line());
      }
    };
  }

  private static Step assignment(Target target, Expr value, Scope scope) {
    Eval eval = ExpressionCompiler.compile(value, scope);
    Assignment assignment = Assignment.of(target, scope);
    return a -> {
      assignment.check(a);
      assignment.assign(a, eval.eval(a));
      return Flow.NEXT;
    };
  }

  private static Step assignment(Stmt.AssignBlock block, Scope scope) {
    Scope inner = scope.inner(scope.inLoop());
    Analysis.statements(block.body(), inner.symbols());
    int slot = capture(inner);
    Step body = compile(block.body(), inner);
    Eval printed = a -> printed(a, slot);
    Eval value =
        block.filter() == null
            ? printed
            : ExpressionCompiler.filter(block.filter(), inner, printed);
    Assignment assignment = Assignment.of(block.target(), scope);
    return captured(
        inner,
        slot,
        body,
        a -> {
          assignment.check(a);
          assignment.assign(a, value.eval(a));
        });
  }

  /// A slot for what the body of a scope prints.
  private static int capture(Scope scope) {
    return scope.symbols().declare("<printed>").slot();
  }

  private static Object printed(Activation a, int slot) {
    Object text = a.slots[slot];
    return text == null ? "" : text;
  }

  /// Runs a body whose text goes into the slot, and then what uses it.
  private static Step captured(Scope scope, int slot, Step body, Consumer<Activation> use) {
    Consumer<Activation> entry = scope.entry();
    Consumer<Activation> exit = scope.exit();
    return a -> {
      entry.accept(a);
      StringBuilder outer = a.out;
      StringBuilder inner = new StringBuilder();
      a.out = inner;
      Flow flow = body.run(a);
      a.out = outer;
      if (flow == Flow.NEXT) {
        a.slots[slot] = inner.toString();
        use.accept(a);
        exit.accept(a);
      }
      return flow;
    };
  }

  private static Step with(Stmt.With with, Scope scope) {
    Scope inner = scope.inner(scope.inLoop());
    with.targets().forEach(t -> Analysis.given(t, inner.symbols()));
    Analysis.statements(with.body(), inner.symbols());
    Assignment[] targets =
        with.targets().stream().map(t -> Assignment.of(t, inner)).toArray(Assignment[]::new);
    Eval[] values =
        with.values().stream().map(v -> ExpressionCompiler.compile(v, scope)).toArray(Eval[]::new);
    Step body = compile(with.body(), inner);
    Consumer<Activation> entry = inner.entry();
    Consumer<Activation> exit = inner.exit();
    return a -> {
      entry.accept(a);
      for (int i = 0; i < targets.length; i++) {
        targets[i].assign(a, values[i].eval(a));
      }
      Flow flow = body.run(a);
      exit.accept(a);
      return flow;
    };
  }

  private static Step macro(Stmt.MacroOf macro, Scope scope) {
    MacroCode code = new MacroCode(macro.name(), macro.signature(), scope, macro.line());
    Ref ref = scope.symbols().ref(macro.name());
    return a -> {
      a.slots[ref.slot()] = new Macro(code, a);
      return Flow.NEXT;
    };
  }

  private static Step call(Stmt.CallBlock block, Scope scope) {
    MacroCode code = new MacroCode("", block.signature(), scope, block.line());
    Eval callee = ExpressionCompiler.compile(block.call().callee(), scope);
    ExpressionCompiler.ArgsEval args = ExpressionCompiler.args(block.call().args(), scope);
    return a -> {
      Callable callable = ExpressionCompiler.callable(callee.eval(a));
      Arguments arguments = args.eval(a).with("caller", new Macro(code, a));
      a.print(text(callable.call(a.run, arguments)));
      return Flow.NEXT;
    };
  }

  /// What blocks print must be text already; Jinja joins it as it is.
  private static String text(Object value) {
    if (value instanceof String || value instanceof Markup) {
      return Display.str(value);
    }
    throw new Fault("expected str instance, " + TypeName.of(value) + " found");
  }

  private static Step filter(Stmt.FilterBlock block, Scope scope) {
    Scope inner = scope.inner(scope.inLoop());
    Analysis.statements(block.body(), inner.symbols());
    Analysis.expression(block.filter(), inner.symbols());
    int slot = capture(inner);
    Step body = compile(block.body(), inner);
    Eval value = ExpressionCompiler.filter(block.filter(), inner, a -> printed(a, slot));
    return captured(inner, slot, body, a -> a.print(text(value.eval(a))));
  }

  private static Step generation(Stmt.Generation generation, Scope scope) {
    MacroCode code = new MacroCode("", generation.signature(), scope, generation.line());
    return a -> {
      a.print(text(new Macro(code, a).call(a.run, Arguments.NONE)));
      return Flow.NEXT;
    };
  }
}

package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Step.Flow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns loops into code.
final class LoopCompiler {

  private LoopCompiler() {}

  static Step compile(Stmt.For loop, Scope scope) {
    requireLoopUntouched(loop);
    Eval iterable = filtered(loop, scope, ExpressionCompiler.compile(loop.iterable(), scope));
    Scope inner = scope.inner(true);
    boolean special = NameUses.needs(loop.body(), "loop");
    int loopSlot = special ? inner.symbols().declare("loop").slot() : -1;
    Analysis.given(loop.target(), inner.symbols());
    Analysis.statements(loop.body(), inner.symbols());
    Step body = body(loop, inner);
    Step otherwise = otherwise(loop, scope);
    Consumer<Activation> exit = inner.exit();
    Assignment target = Assignment.of(loop.target(), inner);
    return a -> {
      Object elements = iterable.eval(a);
      boolean whole =
          special
              ? looped(a, new Loop(a.run, elements), loopSlot, target, body)
              : plain(a, Elements.of(elements), target, body);
      exit.accept(a);
      return whole ? Flow.NEXT : otherwise.run(a);
    };
  }

  /// The body with the beginning of its scope.
  private static Step body(Stmt.For loop, Scope inner) {
    Step body = StatementCompiler.compile(loop.body(), inner);
    Consumer<Activation> entry = inner.entry();
    return a -> {
      entry.accept(a);
      return body.run(a);
    };
  }

  private static Step otherwise(Stmt.For loop, Scope scope) {
    Scope inner = scope.inner(scope.inLoop());
    Analysis.statements(loop.otherwise(), inner.symbols());
    Step body = StatementCompiler.compile(loop.otherwise(), inner);
    Consumer<Activation> entry = inner.entry();
    Consumer<Activation> exit = inner.exit();
    return a -> {
      entry.accept(a);
      Flow flow = body.run(a);
      exit.accept(a);
      return flow;
    };
  }

  /// Runs the body for every element, with the variable `loop`. Says whether the end of the body
  /// was reached at least once: if not, Jinja runs the `else` part, even after a `break`.
  private static boolean looped(Activation a, Loop loop, int slot, Assignment target, Step body) {
    boolean whole = false;
    for (Object item = loop.next(); item != null; item = loop.next()) {
      a.run.spendOnRound();
      a.slots[slot] = loop;
      target.assign(a, item);
      Flow flow = body.run(a);
      whole |= flow == Flow.NEXT;
      if (flow == Flow.BREAK) {
        break;
      }
    }
    return whole;
  }

  private static boolean plain(
      Activation a, Iterator<Object> elements, Assignment target, Step body) {
    boolean whole = false;
    while (elements.hasNext()) {
      a.run.spendOnRound();
      target.assign(a, elements.next());
      Flow flow = body.run(a);
      whole |= flow == Flow.NEXT;
      if (flow == Flow.BREAK) {
        break;
      }
    }
    return whole;
  }

  private static void requireLoopUntouched(Stmt.For loop) {
    boolean set =
        NameUses.of(loop).stream()
            .anyMatch(u -> u.name().equals("loop") && u.kind() == NameUses.Kind.SET);
    if (set) {
      throw new Fault("Can't assign to special loop variable in for-loop target", loop.line());
    }
  }

  /// The elements for which the loop's condition holds, found as the loop asks for them.
  private static Eval filtered(Stmt.For loop, Scope scope, Eval iterable) {
    if (loop.test() == null) {
      return iterable;
    }
    Scope inner = scope.innerFunction();
    Analysis.given(loop.target(), inner.symbols());
    Analysis.expression(loop.test(), inner.symbols());
    Assignment target = Assignment.of(loop.target(), inner);
    Eval element = element(loop.target(), inner);
    Eval test = ExpressionCompiler.compile(loop.test(), inner);
    Consumer<Activation> entry = inner.entry();
    return a -> {
      Iterator<Object> elements = Elements.of(iterable.eval(a));
      Activation own = new Activation(a.run, a, inner.function().size());
      entry.accept(own);
      return OneShot.generator(
          new Filtered(
              elements,
              e -> {
                a.run.spendOnRound();
                target.assign(own, e);
                return Truth.of(test.eval(own)) ? element.eval(own) : null;
              }));
    };
  }

  /// The element again, made from the target's variables: an unpacked list comes back as a tuple.
  private static Eval element(Target target, Scope scope) {
    return switch (target) {
      case Target.Variable(var name) -> ExpressionCompiler.compile(new Expr.Name(name), scope);
      case Target.Unpacked(var targets) -> {
        List<Eval> parts = new ArrayList<>();
        targets.forEach(t -> parts.add(element(t, scope)));
        yield a -> new Tuple(parts.stream().map(p -> p.eval(a)).toList());
      }
      case Target.NamespaceAttribute _ -> throw new IllegalArgumentException("no target of a loop");
    };
  }

  /// Finds elements one at a time.
  private static final class Filtered implements Iterator<Object> {
    private final Iterator<Object> elements;
    private final Finder finder;
    private @Nullable Object next;

    Filtered(Iterator<Object> elements, Finder finder) {
      this.elements = elements;
      this.finder = finder;
    }

    @Override
    public boolean hasNext() {
      while (next == null && elements.hasNext()) {
        next = finder.find(elements.next());
      }
      return next != null;
    }

    @Override
    public Object next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      Object found = next;
      next = null;
      return found;
    }
  }

  /// What stands for an element, or null if it is left out.
  private interface Finder {
    @Nullable Object find(Object element);
  }
}

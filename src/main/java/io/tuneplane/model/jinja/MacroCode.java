package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Stmt.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The code of a macro, or of the body of a `call` or `generation` block.
final class MacroCode {

  /// What a call costs besides the nesting of its body.
  private static final int CALL_WEIGHT = 8;

  private final String name;
  private final Signature signature;
  private final Function function;
  private final int[] slots;
  private final @Nullable Eval[] defaults;
  private final Consumer<Activation> entry;
  private final Step body;
  private final int weight;
  private final boolean usesCaller;
  private final boolean usesKwargs;
  private final boolean usesVarargs;

  /// @param name empty for the body of a block
  MacroCode(String name, Signature signature, Scope around, int line) {
    this.name = name;
    this.signature = signature;
    Scope scope = around.innerFunction();
    this.function = scope.function();
    Analysis.signature(signature, scope.symbols());
    this.usesCaller = special("caller") && !explicitCaller(line);
    this.usesKwargs = special("kwargs") && !signature.parameters().contains("kwargs");
    this.usesVarargs = special("varargs") && !signature.parameters().contains("varargs");
    this.slots = slots(scope);
    this.defaults = defaults(scope);
    this.body = StatementCompiler.compile(signature.body(), scope);
    this.entry = scope.entry();
    this.weight = CALL_WEIGHT + Weight.of(signature.body());
  }

  private boolean special(String variable) {
    return NameUses.needs(signature.body(), variable);
  }

  private boolean explicitCaller(int line) {
    int index = signature.parameters().indexOf("caller");
    if (index >= 0 && index < signature.parameters().size() - signature.defaults().size()) {
      throw new Fault(
          "the special \"caller\" argument must be omitted or be given a default.", line);
    }
    return index >= 0;
  }

  private int[] slots(Scope scope) {
    List<String> names = new ArrayList<>(signature.parameters());
    if (usesCaller) {
      names.add("caller");
    }
    if (usesKwargs) {
      names.add("kwargs");
    }
    if (usesVarargs) {
      names.add("varargs");
    }
    return names.stream().mapToInt(n -> scope.symbols().declare(n).slot()).toArray();
  }

  private @Nullable Eval[] defaults(Scope scope) {
    @Nullable Eval[] evals = new @Nullable Eval[signature.parameters().size()];
    int first = evals.length - signature.defaults().size();
    for (int i = 0; i < signature.defaults().size(); i++) {
      evals[first + i] = ExpressionCompiler.compile(signature.defaults().get(i), scope);
    }
    return evals;
  }

  /// Runs the body and returns what it prints.
  ///
  /// @param values of the parameters and special variables, null for those that are not given
  String run(Activation around, List<@Nullable Object> values) {
    Run run = around.run;
    run.enter(weight);
    run.spend(CALL_WEIGHT);
    Activation a = new Activation(run, around, function.size());
    for (int i = 0; i < slots.length; i++) {
      a.slots[slots[i]] = values.get(i);
    }
    entry.accept(a);
    for (int i = 0; i < defaults.length; i++) {
      if (a.slots[slots[i]] == null) {
        a.slots[slots[i]] = byDefault(i, a);
      }
    }
    body.run(a);
    run.leave(weight);
    return a.out.toString();
  }

  private Object byDefault(int index, Activation a) {
    Eval eval = defaults[index];
    return eval != null
        ? eval.eval(a)
        : new Undefined("parameter '" + signature.parameters().get(index) + "' was not provided");
  }

  String name() {
    return name;
  }

  List<String> parameters() {
    return signature.parameters();
  }

  /// Whether the body can call back, other than by a parameter of its own.
  boolean usesCaller() {
    return usesCaller;
  }

  boolean usesKwargs() {
    return usesKwargs;
  }

  boolean usesVarargs() {
    return usesVarargs;
  }
}

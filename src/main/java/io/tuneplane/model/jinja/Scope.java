package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Symbols.Load;
import io.tuneplane.model.jinja.Symbols.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Where code is compiled: its function, its names, and what is allowed.
///
/// @param soft whether inside a condition, where an unknown filter is an error only once it is used
/// @param inLoop whether `break` and `continue` mean something
record Scope(Function function, Symbols symbols, boolean soft, boolean inLoop) {

  /// A scope inside, in the same function.
  Scope inner(boolean loops) {
    return new Scope(function, symbols.inner(function), false, loops);
  }

  /// A scope inside, in a function of its own.
  Scope innerFunction() {
    Function inner = new Function(function);
    return new Scope(inner, symbols.inner(inner), false, false);
  }

  Scope softened() {
    return new Scope(function, symbols, true, inLoop);
  }

  /// What fills the scope's variables when it is entered. To be asked for when all names of the
  /// scope are known.
  Consumer<Activation> entry() {
    List<Consumer<Activation>> loads = new ArrayList<>();
    symbols.loads().forEach((ref, load) -> addLoad(ref, load, loads));
    Consumer<Activation>[] all = array(loads);
    return a -> {
      for (Consumer<Activation> load : all) {
        load.accept(a);
      }
    };
  }

  // A generic array of a private list, read only.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Consumer<Activation>[] array(List<Consumer<Activation>> list) {
    return list.toArray(new Consumer[0]);
  }

  private void addLoad(Ref ref, Load load, List<Consumer<Activation>> loads) {
    int slot = ref.slot();
    switch (load) {
      case Load.Given _ -> {}
      case Load.Passed(var name) -> loads.add(a -> a.slots[slot] = a.run.resolve(name));
      case Load.Alias(var outer) -> {
        int hops = function.hopsTo(outer.function());
        loads.add(a -> a.slots[slot] = a.outward(hops).slots[outer.slot()]);
      }
      case Load.Unset() -> loads.add(a -> a.slots[slot] = null);
    }
  }

  /// What empties the scope's variables when it is left.
  Consumer<Activation> exit() {
    int[] slots = symbols.loads().keySet().stream().mapToInt(Ref::slot).toArray();
    return a -> {
      for (int slot : slots) {
        a.slots[slot] = null;
      }
    };
  }
}

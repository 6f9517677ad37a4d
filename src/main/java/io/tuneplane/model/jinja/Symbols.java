package io.tuneplane.model.jinja;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names of one scope, and where their values come from when the scope is entered. Jinja
/// resolves names before it runs a template, with the rules that this class repeats: a name that a
/// scope sets is the scope's own from its beginning, and starts with the value of the scope around
/// it.
final class Symbols {

  /// Where a variable's first value comes from.
  sealed interface Load {

    /// Given by the statement that opens the scope: a loop's target, a macro's argument.
    record Given() implements Load {}

    /// What was passed to the template under the name.
    record Passed(String name) implements Load {}

    /// The value of a variable further out.
    record Alias(Ref outer) implements Load {}

    /// Not set.
    record Unset() implements Load {}
  }

  /// A variable: a slot of a function.
  record Ref(Function function, int slot) {}

  private final Function function;
  private final int level;
  private final @Nullable Symbols parent;
  private final Map<String, Ref> refs = new HashMap<>();
  private final Map<Ref, Load> loads = new LinkedHashMap<>();
  private final Set<String> stores = new HashSet<>();

  Symbols(Function function, @Nullable Symbols parent) {
    this(function, parent, parent == null ? 0 : parent.level + 1);
  }

  private Symbols(Function function, @Nullable Symbols parent, int level) {
    this.function = function;
    this.parent = parent;
    this.level = level;
  }

  /// A scope inside this one.
  Symbols inner(Function in) {
    return new Symbols(in, this);
  }

  private Symbols copy() {
    Symbols copy = new Symbols(function, parent, level);
    copy.refs.putAll(refs);
    copy.loads.putAll(loads);
    copy.stores.addAll(stores);
    return copy;
  }

  /// The variable that the name means here.
  ///
  /// @throws Fault if the name was not seen when the scope was analysed, which only a filter of a
  ///   block assignment can bring about (Jinja fails there too)
  Ref ref(String name) {
    Ref ref = find(name);
    if (ref == null) {
      throw new Fault("the name '" + name + "' can't be resolved in a block assignment's filter");
    }
    return ref;
  }

  private @Nullable Ref find(String name) {
    Ref ref = refs.get(name);
    return ref != null || parent == null ? ref : parent.find(name);
  }

  /// What to do when the scope is entered.
  Map<Ref, Load> loads() {
    return loads;
  }

  private Ref define(String name, Load load) {
    Ref ref = new Ref(function, function.slot(level, name));
    refs.put(name, ref);
    loads.put(ref, load);
    return ref;
  }

  /// A name that the scope's statement gives a value.
  Ref declare(String name) {
    stores.add(name);
    return define(name, new Load.Given());
  }

  /// A name that is read.
  void load(String name) {
    if (find(name) == null) {
      define(name, new Load.Passed(name));
    }
  }

  /// A name that is set.
  void store(String name) {
    stores.add(name);
    if (!refs.containsKey(name)) {
      Ref outer = parent == null ? null : parent.find(name);
      define(name, outer == null ? new Load.Unset() : new Load.Alias(outer));
    }
  }

  /// Takes in what the branches of a condition set and read. What only some of them set starts with
  /// the value from outside.
  void branches(Collection<Branch> branches) {
    List<Symbols> copies = branches.stream().map(this::explored).toList();
    Set<String> changed = new HashSet<>();
    copies.forEach(c -> changed.addAll(c.stores));
    changed.removeAll(stores);
    for (Symbols copy : copies) {
      refs.putAll(copy.refs);
      loads.putAll(copy.loads);
      stores.addAll(copy.stores);
    }
    for (String name : changed) {
      Ref outer = parent == null ? null : parent.find(name);
      loads.put(ref(name), outer == null ? new Load.Passed(name) : new Load.Alias(outer));
    }
  }

  private Symbols explored(Branch branch) {
    Symbols copy = copy();
    branch.explore(copy);
    return copy;
  }

  /// One way through a condition.
  interface Branch {

    /// Notes the names of the branch.
    void explore(Symbols symbols);
  }
}

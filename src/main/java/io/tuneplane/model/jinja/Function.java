package io.tuneplane.model.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What becomes one activation at run time: the template, a macro, the condition of a loop. Scopes
/// inside it share its slots.
final class Function {

  final @Nullable Function outer;
  private final Map<String, Integer> slots = new HashMap<>();

  Function(@Nullable Function outer) {
    this.outer = outer;
  }

  /// The slot of a name in scopes of this level; scopes side by side share it.
  int slot(int level, String name) {
    return slots.computeIfAbsent(level + " " + name, _ -> slots.size());
  }

  int size() {
    return slots.size();
  }

  /// How many functions this one is inside of that one.
  int hopsTo(Function other) {
    int hops = 0;
    for (Function at = this; at != null && at != other; at = at.outer) {
      hops++;
    }
    return hops;
  }
}

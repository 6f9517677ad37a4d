package io.tuneplane.model.jinja;

import org.jspecify.annotations.Nullable;

/// The variables of one call of a function (the template itself, or a macro) and where it prints.
final class Activation {

  final Run run;
  final @Nullable Activation outer;
  final @Nullable Object[] slots;
  StringBuilder out = new StringBuilder();

  Activation(Run run, @Nullable Activation outer, int size) {
    this.run = run;
    this.outer = outer;
    this.slots = new @Nullable Object[size];
  }

  /// The activation that many functions further out.
  Activation outward(int hops) {
    Activation at = this;
    for (int i = 0; i < hops; i++) {
      Activation next = at.outer;
      if (next == null) {
        throw new IllegalStateException("a variable of a function that isn't there");
      }
      at = next;
    }
    return at;
  }

  void print(String text) {
    run.print(out.length(), text.length());
    out.append(text);
  }
}

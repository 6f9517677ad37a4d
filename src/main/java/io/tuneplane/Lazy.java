package io.tuneplane;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A part that is built when it is first asked for, and once. Safe for many threads.
final class Lazy<T> implements Supplier<T> {

  private final Supplier<T> build;
  private @Nullable T built;

  Lazy(Supplier<T> build) {
    this.build = build;
  }

  @Override
  public synchronized T get() {
    T part = built;
    if (part == null) {
      part = build.get();
      built = part;
    }
    return part;
  }

  synchronized void ifBuilt(Consumer<T> action) {
    if (built != null) {
      action.accept(built);
    }
  }
}

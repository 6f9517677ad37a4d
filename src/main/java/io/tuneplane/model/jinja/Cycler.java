package io.tuneplane.model.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `cycler(...)` makes.
final class Cycler {

  private final List<Object> items;
  private int at;

  Cycler(List<Object> items) {
    if (items.isEmpty()) {
      throw new Fault("at least one item has to be provided");
    }
    this.items = items;
  }

  @Nullable Object attribute(String name) {
    return switch (name) {
      case "current" -> items.get(at);
      case "next" -> Builtin.raw("next", (_, _) -> next());
      case "reset" -> Builtin.raw("reset", (_, _) -> reset());
      case "pos" -> (long) at;
      case "items" -> new Tuple(items);
      default -> null;
    };
  }

  private Object next() {
    Object item = items.get(at);
    at = (at + 1) % items.size();
    return item;
  }

  private Object reset() {
    at = 0;
    return None.NONE;
  }
}

package io.tuneplane.model.jinja;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The variable `loop`. It looks ahead only when asked, as Jinja's does.
final class Loop {

  private final Run run;
  private final Object iterable;
  private Iterator<Object> rest;
  private long index0 = -1;
  private int length = -1;
  private @Nullable Object previous;
  private @Nullable Object current;
  private @Nullable Object ahead;
  private @Nullable List<Object> lastChanged;

  Loop(Run run, Object iterable) {
    this.run = run;
    this.iterable = iterable;
    this.rest = Elements.of(iterable);
  }

  /// The next element, or null at the end.
  @Nullable Object next() {
    Object next = peek();
    ahead = null;
    if (next != null) {
      index0++;
      previous = current;
      current = next;
    }
    return next;
  }

  private @Nullable Object peek() {
    if (ahead == null && rest.hasNext()) {
      ahead = rest.next();
    }
    return ahead;
  }

  long index() {
    return index0 + 1;
  }

  /// The number of all elements; reads a generator to its end.
  int length() {
    if (length < 0) {
      length = Elements.lengthOrNone(iterable);
    }
    if (length < 0) {
      List<Object> left = Elements.all(run, new OneShot("generator", rest));
      rest = left.iterator();
      length = (int) (left.size() + index() + (ahead != null ? 1 : 0));
    }
    return length;
  }

  @Nullable Object attribute(String name) {
    return switch (name) {
      case "index" -> index();
      case "index0" -> index0;
      case "first" -> index0 == 0;
      case "last" -> peek() == null;
      case "length" -> (long) length();
      case "revindex" -> length() - index0;
      case "revindex0" -> length() - index();
      case "depth" -> 1L;
      case "depth0" -> 0L;
      case "previtem" -> orUndefined(index0 == 0 ? null : previous, "there is no previous item");
      case "nextitem" -> orUndefined(peek(), "there is no next item");
      case "cycle" -> Builtin.raw("cycle", (_, arguments) -> cycle(arguments.positional()));
      case "changed" -> Builtin.raw("changed", (_, arguments) -> changed(arguments.positional()));
      default -> null;
    };
  }

  private static Object orUndefined(@Nullable Object value, String message) {
    return value == null ? new Undefined(message) : value;
  }

  private Object cycle(List<Object> values) {
    if (values.isEmpty()) {
      throw new Fault("no items for cycling given");
    }
    return values.get((int) (index0 % values.size()));
  }

  private Object changed(List<Object> values) {
    boolean changed = lastChanged == null || !Equality.equal(run, lastChanged, values);
    lastChanged = values;
    return changed;
  }
}

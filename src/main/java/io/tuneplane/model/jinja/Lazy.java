package io.tuneplane.model.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Iterators that work only when they are asked, as Python's generators do.
final class Lazy implements Iterator<Object> {

  private final Source source;
  private @Nullable Object next;

  private Lazy(Source source) {
    this.source = source;
  }

  /// An iterator over what a source gives until it gives null.
  static Iterator<Object> of(Source source) {
    return new Lazy(source);
  }

  /// An iterator that is made at the first question.
  static Iterator<Object> later(Supplier<Iterator<Object>> maker) {
    Later later = new Later(maker);
    return of(later::next);
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      next = source.next();
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

  /// Gives elements, then null.
  interface Source {
    @Nullable Object next();
  }

  private static final class Later {
    private final Supplier<Iterator<Object>> maker;
    private @Nullable Iterator<Object> made;

    Later(Supplier<Iterator<Object>> maker) {
      this.maker = maker;
    }

    @Nullable Object next() {
      if (made == null) {
        made = maker.get();
      }
      return made.hasNext() ? made.next() : null;
    }
  }
}

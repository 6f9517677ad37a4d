package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Filters whose input has elements.
final class ListFilters {

  static final List<Builtin> ALL = all();

  private ListFilters() {}

  private static List<Builtin> all() {
    List<Builtin> all = new ArrayList<>();
    all.add(Builtin.of("length", "/ value", (_, a) -> (long) Elements.length(a.get(0))));
    all.add(Builtin.of("count", "/ value", (_, a) -> (long) Elements.length(a.get(0))));
    all.add(Builtin.of("default", "value default_value? boolean?", (_, a) -> orDefault(a)));
    all.add(Builtin.of("d", "value default_value? boolean?", (_, a) -> orDefault(a)));
    all.add(Builtin.of("first", "seq", (_, a) -> first(a.get(0))));
    all.add(Builtin.of("last", "seq", (_, a) -> last(a.get(0))));
    all.add(Builtin.of("list", "value", (run, a) -> list(run, a.get(0))));
    all.add(Builtin.of("join", "value d? attribute?", ListFilters::join));
    all.add(Builtin.of("items", "value", (_, a) -> items(a.get(0))));
    all.add(Builtin.of("reverse", "value", (run, a) -> reverse(run, a.get(0))));
    all.add(Builtin.of("attr", "obj name", (_, a) -> attribute(a.get(0), a.get(1))));
    all.add(Builtin.of("unique", "value case_sensitive? attribute?", ListFilters::unique));
    all.add(Builtin.of("batch", "value linecount fill_with?", ListFilters::batch));
    all.add(Builtin.of("slice", "value slices fill_with?", ListFilters::slice));
    all.add(Builtin.of("sum", "iterable attribute? start?", ListFilters::sum));
    all.addAll(SortFilters.ALL);
    return all;
  }

  private static Object orDefault(Builtin.Bound a) {
    Object value = a.get(0);
    boolean absent = value instanceof Undefined || (a.truth(2) && !Truth.of(value));
    return absent ? a.get(1, "") : value;
  }

  private static Object first(Object value) {
    Iterator<Object> elements = Elements.of(value);
    return elements.hasNext()
        ? elements.next()
        : new Undefined("No first item, sequence was empty.");
  }

  private static Object last(Object value) {
    List<Object> reversed = Elements.reversed(value);
    if (reversed == null) {
      throw new Fault("'" + TypeName.of(value) + "' object is not reversible");
    }
    return reversed.isEmpty()
        ? new Undefined("No last item, sequence was empty.")
        : reversed.getFirst();
  }

  private static Object list(Run run, Object value) {
    return new ArrayList<>(Elements.all(run, value));
  }

  private static Object join(Run run, Builtin.Bound a) {
    Getter getter = Getter.of(a.get(2, None.NONE));
    String separator = Display.str(a.get(1, ""));
    StringBuilder text = new StringBuilder();
    boolean first = true;
    Iterator<Object> elements = Elements.of(a.get(0));
    while (elements.hasNext()) {
      StringMethods.append(run, text, first ? "" : separator);
      StringMethods.append(run, text, Display.str(getter.get(elements.next())));
      first = false;
    }
    return text.toString();
  }

  private static Object items(Object value) {
    return OneShot.generator(
        Lazy.later(() ->
            switch (value) {
              case Undefined _ -> List.<Object>of().iterator();
              case Dict dict -> dict.items().iterator();
              default -> throw new Fault("Can only get item pairs from a mapping.");
            }));
  }

  private static Object reverse(Run run, Object value) {
    if (value instanceof String text) {
      return Slices.of(run, text, None.NONE, None.NONE, -1L);
    }
    List<Object> reversed = Elements.reversed(value);
    if (reversed != null) {
      return new OneShot("reversed", reversed.iterator());
    }
    if (!Elements.iterable(value)) {
      throw new Fault("argument must be iterable");
    }
    List<Object> list = Elements.all(run, value);
    Collections.reverse(list);
    return list;
  }

  private static Object attribute(Object object, Object name) {
    if (!(name instanceof String text)) {
      throw new Fault("attribute name must be string, not '" + TypeName.of(name) + "'");
    }
    return Members.attributeOnly(object, text);
  }

  private static Object unique(Run run, Builtin.Bound a) {
    Getter getter = Getter.of(a.get(2, None.NONE), !a.truth(1));
    Dict seen = new Dict();
    return OneShot.generator(
        Lazy.later(() -> {
          Iterator<Object> elements = Elements.of(a.get(0));
          return Lazy.of(() -> unseen(run, elements, getter, seen));
        }));
  }

  private static @Nullable Object unseen(
      Run run, Iterator<Object> elements, Getter getter, Dict seen) {
    while (elements.hasNext()) {
      run.spend(1);
      Object element = elements.next();
      Object key = getter.get(element);
      if (!seen.contains(key)) {
        seen.put(key, true);
        return element;
      }
    }
    return null;
  }

  private static Object batch(Run run, Builtin.Bound a) {
    long size = a.number(1, 0);
    return OneShot.generator(
        Lazy.later(() -> {
          Iterator<Object> elements = Elements.of(a.get(0));
          return Lazy.of(() -> nextBatch(run, elements, size, a.get(2, None.NONE)));
        }));
  }

  private static @Nullable Object nextBatch(
      Run run, Iterator<Object> elements, long size, Object fill) {
    if (size < 1 && elements.hasNext()) {
      throw Fault.unsupported("a batch of less than one element");
    }
    List<Object> batch = new ArrayList<>();
    while (batch.size() < size && elements.hasNext()) {
      run.spend(1);
      batch.add(elements.next());
    }
    if (batch.isEmpty()) {
      return null;
    }
    if (fill != None.NONE && batch.size() < size) {
      batch.addAll(Collections.nCopies(run.listOf(size - batch.size()), fill));
    }
    return batch;
  }

  private static Object slice(Run run, Builtin.Bound a) {
    return OneShot.generator(
        Lazy.later(() -> sliced(run, Elements.all(run, a.get(0)), a).iterator()));
  }

  private static List<Object> sliced(Run run, List<Object> all, Builtin.Bound a) {
    int count = run.listOf(Math.max(0, a.number(1, 0)));
    if (count == 0) {
      throw new Fault("integer division or modulo by zero");
    }
    int each = all.size() / count;
    int extra = all.size() % count;
    List<Object> slices = new ArrayList<>(count);
    int start = 0;
    for (int i = 0; i < count; i++) {
      int end = start + each + (i < extra ? 1 : 0);
      List<Object> slice = new ArrayList<>(all.subList(start, end));
      if (a.get(2, None.NONE) != None.NONE && i >= extra) {
        slice.add(a.get(2));
      }
      slices.add(slice);
      start = end;
    }
    return slices;
  }

  private static Object sum(Run run, Builtin.Bound a) {
    Getter getter = Getter.of(a.get(1, None.NONE));
    Object sum = a.get(2, 0L);
    if (sum instanceof String) {
      throw new Fault("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Iterator<Object> elements = Elements.of(a.get(0));
    while (elements.hasNext()) {
      run.spend(1);
      sum = Arithmetic.add(run, sum, getter.get(elements.next()));
    }
    return sum;
  }
}

package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Python's slices.
final class Slices {

  private Slices() {}

  /// `value[start:stop:step]`, each bound possibly absent.
  static Object of(Run run, Object value, Object start, Object stop, Object step) {
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    long by = bound(step, 1);
    if (by == 0) {
      throw new Fault("slice step cannot be zero");
    }
    return switch (value) {
      case String text -> text(run, text, range(Text.length(text), start, stop, by));
      case List<?> list -> pick(run, list, range(list.size(), start, stop, by));
      case Tuple(var items) -> new Tuple(pick(run, items, range(items.size(), start, stop, by)));
      case IntRange range -> ranged(range, range(range.length(), start, stop, by));
      case Markup _ -> throw Fault.unsupported("a slice of a text that is marked safe");
      default -> throw new Fault("'" + TypeName.of(value) + "' object is not subscriptable");
    };
  }

  /// The indexes that a slice means; its length is bounded by that of the value.
  private static IntRange range(int length, Object start, Object stop, long step) {
    long low = step > 0 ? 0 : -1;
    long high = step > 0 ? length : length - 1L;
    long from = index(start, length, low, high, step > 0 ? low : high);
    long to = index(stop, length, low, high, step > 0 ? high : low);
    long span = step > 0 ? to - from : from - to;
    return new IntRange(from, span <= 0 ? from : to, Math.clamp(step, -length - 1L, length + 1L));
  }

  private static long index(Object bound, int length, long low, long high, long absent) {
    if (bound == None.NONE) {
      return absent;
    }
    long index = bound(bound, 0);
    return Math.clamp(index < 0 ? index + length : index, low, high);
  }

  private static long bound(Object bound, long absent) {
    @Nullable Long index = Index.of(bound);
    if (index == null && bound != None.NONE) {
      throw new Fault("slice indices must be integers or None or have an __index__ method");
    }
    return index == null ? absent : index;
  }

  private static int count(IntRange range) {
    long span = range.step() > 0 ? range.stop() - range.start() : range.start() - range.stop();
    return span <= 0 ? 0 : (int) ((span - 1) / Math.abs(range.step()) + 1);
  }

  private static String text(Run run, String text, IntRange range) {
    run.spendOn(text);
    int count = count(range);
    if (range.step() == 1) {
      return Text.sub(text, (int) range.start(), (int) range.start() + count);
    }
    List<Object> characters = Text.characters(text);
    StringBuilder picked = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      picked.append(characters.get((int) range.at(i)));
    }
    return picked.toString();
  }

  private static List<Object> pick(Run run, List<?> list, IntRange range) {
    int count = run.listOf(count(range));
    List<Object> picked = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      picked.add(list.get((int) range.at(i)));
    }
    return picked;
  }

  private static IntRange ranged(IntRange range, IntRange indexes) {
    return new IntRange(
        range.at((int) indexes.start()),
        range.at((int) indexes.stop()),
        range.step() * indexes.step());
  }
}

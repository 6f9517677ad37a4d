package io.tuneplane.model.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/// Python's dict: ordered, with keys that are equal when Python says so (`1`, `1.0` and `True` are
/// one key).
final class Dict {

  private static final Object UNDEFINED_KEY = new Object();

  private final LinkedHashMap<Object, Object> values;

  /// The keys as they were written, where their form differs.
  private final Map<Object, Object> written = new HashMap<>(0);

  Dict() {
    values = new LinkedHashMap<>();
  }

  Dict(Dict other) {
    values = new LinkedHashMap<>(other.values);
    written.putAll(other.written);
  }

  /// Sets a value; a key that is there keeps its place and its spelling.
  void put(Object key, Object value) {
    Object form = form(key);
    if (values.put(form, value) == null && !form.equals(key)) {
      written.put(form, key);
    }
  }

  void putAll(Dict other) {
    other.values.forEach((form, value) -> put(other.spelling(form), value));
  }

  @Nullable Object get(Object key) {
    return values.get(form(key));
  }

  boolean contains(Object key) {
    return values.containsKey(form(key));
  }

  int size() {
    return values.size();
  }

  List<Object> keys() {
    if (written.isEmpty()) {
      return new ArrayList<>(values.keySet());
    }
    return new ArrayList<>(values.keySet().stream().map(this::spelling).toList());
  }

  List<Object> values() {
    return new ArrayList<>(values.values());
  }

  /// Pairs of key and value.
  List<Object> items() {
    List<Object> items = new ArrayList<>(values.size());
    for (Entry<Object, Object> entry : values.entrySet()) {
      items.add(Tuple.of(spelling(entry.getKey()), entry.getValue()));
    }
    return items;
  }

  private Object spelling(Object form) {
    return written.isEmpty() ? form : written.getOrDefault(form, form);
  }

  /// Whether Python can hash the value.
  static boolean hashable(Object key) {
    return switch (key) {
      case List<?> _, Dict _, DictView _ -> false;
      case Tuple tuple -> tuple.items().stream().allMatch(Dict::hashable);
      default -> true;
    };
  }

  /// One object for all keys that Python takes for equal.
  private static Object form(Object key) {
    return switch (key) {
      case String text -> text;
      case Boolean truth -> truth ? 1L : 0L;
      case Double number -> form(number.doubleValue());
      case Markup markup -> markup.text();
      case Undefined _ -> UNDEFINED_KEY;
      case Tuple tuple when hashable(tuple) ->
          new Tuple(tuple.items().stream().map(Dict::form).toList());
      case Object other when hashable(other) -> other;
      default -> throw new Fault("unhashable type: '" + TypeName.of(key) + "'");
    };
  }

  private static Object form(double number) {
    if (Double.isInfinite(number) || number != Math.rint(number)) {
      return number;
    }
    BigInteger whole = new BigDecimal(number).toBigInteger();
    return whole.bitLength() < Long.SIZE ? (Object) whole.longValueExact() : whole;
  }
}

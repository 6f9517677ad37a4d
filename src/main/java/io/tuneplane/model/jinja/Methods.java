package io.tuneplane.model.jinja;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The methods of one of Python's types.
final class Methods {

  static final Methods OF_DICT =
      new Methods(DictMethods.ALL, "clear pop popitem setdefault update", "copy fromkeys");

  static final Methods OF_LIST =
      new Methods(ListMethods.ALL, "append clear pop reverse insert sort extend remove", "");

  static final Methods OF_TUPLE = new Methods(ListMethods.OF_TUPLE, "", "");

  static final Methods OF_STRING =
      new Methods(StringMethods.ALL, "", "encode expandtabs format_map maketrans translate");

  static final Methods OF_NUMBER =
      new Methods(
          List.of(),
          "",
          "as_integer_ratio bit_count bit_length conjugate denominator from_bytes fromhex hex imag"
              + " is_integer numerator real to_bytes");

  private final Map<String, Builtin> known;

  /// Methods that the sandbox hides, since they change the object.
  private final Set<String> unsafe;

  private Methods(List<Builtin> known, String unsafe, String unsupported) {
    this.known = new HashMap<>();
    known.forEach(m -> this.known.put(m.name(), m));
    words(unsupported).forEach(w -> this.known.put(w, Builtin.unsupported("the method " + w)));
    this.unsafe = new HashSet<>(words(unsafe));
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split(" ")).filter(w -> !w.isEmpty()).collect(Collectors.toSet());
  }

  /// The method with its receiver, something undefined if the sandbox hides it, or null if the type
  /// has none of that name.
  @Nullable Object find(Object receiver, String name) {
    Builtin method = known.get(name);
    if (method != null) {
      return new BoundMethod(receiver, method);
    }
    return unsafe.contains(name) ? Undefined.unsafe(receiver, name) : null;
  }
}

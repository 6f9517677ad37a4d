package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map.Entry;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The parameters of a built-in function.
final class Parameters {

  private final List<String> names;
  private final Set<String> required;
  private final boolean positionalOnly;

  private Parameters(List<String> names, Set<String> required, boolean positionalOnly) {
    this.names = names;
    this.required = required;
    this.positionalOnly = positionalOnly;
  }

  /// Reads names with blanks between them: `?` after one that may be absent, a first `/` if none
  /// can be given by name.
  static Parameters of(String text) {
    List<String> words = new ArrayList<>(Arrays.asList(text.split(" ")));
    boolean positionalOnly = words.remove("/");
    words.removeIf(String::isEmpty);
    Set<String> required =
        words.stream().filter(w -> !w.endsWith("?")).collect(Collectors.toUnmodifiableSet());
    List<String> names = words.stream().map(w -> w.replace("?", "")).toList();
    return new Parameters(names, required, positionalOnly);
  }

  /// The arguments in the order of the parameters, null for those that are absent.
  ///
  /// @throws Fault if they don't fit
  @Nullable Object[] bind(String function, Arguments arguments) {
    List<Object> positional = arguments.positional();
    if (positional.size() > names.size()) {
      throw new Fault(
          function
              + "() takes at most "
              + names.size()
              + " arguments, "
              + positional.size()
              + " given");
    }
    @Nullable Object[] bound = new @Nullable Object[names.size()];
    for (int i = 0; i < positional.size(); i++) {
      bound[i] = positional.get(i);
    }
    if (!arguments.named().isEmpty()) {
      bindNamed(function, arguments, bound);
    }
    for (int i = positional.size(); i < bound.length; i++) {
      if (bound[i] == null && required.contains(names.get(i))) {
        throw new Fault(function + "() missing argument: '" + names.get(i) + "'");
      }
    }
    return bound;
  }

  private void bindNamed(String function, Arguments arguments, @Nullable Object[] bound) {
    for (Entry<String, Object> named : arguments.named().entrySet()) {
      int index = positionalOnly ? -1 : names.indexOf(named.getKey());
      if (index < 0) {
        throw new Fault(
            function + "() got an unexpected keyword argument '" + named.getKey() + "'");
      }
      if (bound[index] != null) {
        throw new Fault(function + "() got multiple values for argument '" + named.getKey() + "'");
      }
      bound[index] = named.getValue();
    }
  }
}

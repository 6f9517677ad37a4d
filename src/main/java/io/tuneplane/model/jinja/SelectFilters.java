package io.tuneplane.model.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Filters that apply another filter, or a test, to every element. They work as their elements are
/// asked for.
final class SelectFilters {

  static final List<Builtin> ALL =
      List.of(
          Builtin.raw("map", SelectFilters::map),
          select("select", false, true),
          select("reject", false, false),
          select("selectattr", true, true),
          select("rejectattr", true, false));

  private SelectFilters() {}

  private static Object map(Run run, Arguments arguments) {
    Object input = arguments.positional().getFirst();
    return OneShot.generator(
        Lazy.later(() -> {
          Iterator<Object> elements = elements(input);
          Function<Object, Object> function =
              elements.hasNext() || Truth.of(input) ? mapper(run, arguments.from(1)) : e -> e;
          return Lazy.of(() -> {
            run.spend(1);
            return elements.hasNext() ? function.apply(elements.next()) : null;
          });
        }));
  }

  /// Nothing is iterated, and nothing checked, where the input is false.
  private static Iterator<Object> elements(Object input) {
    return Truth.of(input) ? Elements.of(input) : List.<Object>of().iterator();
  }

  private static Function<Object, Object> mapper(Run run, Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      return attributeMapper(arguments);
    }
    Callable filter = named(arguments.positional().getFirst(), true);
    Arguments rest = arguments.from(1);
    return element -> {
      run.spendOn(element);
      return filter.call(run, rest.after(element));
    };
  }

  private static Function<Object, Object> attributeMapper(Arguments arguments) {
    Object attribute = arguments.named().get("attribute");
    if (attribute == null) {
      throw new Fault("map requires a filter argument");
    }
    for (String name : arguments.named().keySet()) {
      if (!name.equals("attribute") && !name.equals("default")) {
        throw new Fault("Unexpected keyword argument '" + name + "'");
      }
    }
    Object absent = arguments.named().getOrDefault("default", None.NONE);
    return Getter.of(attribute).orElse(absent)::get;
  }

  private static Builtin select(String name, boolean byAttribute, boolean wanted) {
    return Builtin.raw(name, (run, arguments) -> selected(run, arguments, byAttribute, wanted));
  }

  private static Object selected(
      Run run, Arguments arguments, boolean byAttribute, boolean wanted) {
    Object input = arguments.positional().getFirst();
    return OneShot.generator(
        Lazy.later(() -> {
          Iterator<Object> elements = elements(input);
          Predicate<Object> test =
              Truth.of(input) ? predicate(run, arguments.from(1), byAttribute) : Truth::of;
          return Lazy.of(() -> find(run, elements, e -> test.test(e) == wanted));
        }));
  }

  private static @Nullable Object find(
      Run run, Iterator<Object> elements, Predicate<Object> wanted) {
    while (elements.hasNext()) {
      run.spend(1);
      Object element = elements.next();
      if (wanted.test(element)) {
        return element;
      }
    }
    return null;
  }

  private static Predicate<Object> predicate(Run run, Arguments arguments, boolean byAttribute) {
    if (!byAttribute) {
      return test(run, arguments);
    }
    if (arguments.positional().isEmpty()) {
      throw new Fault("Missing parameter for attribute name");
    }
    Getter getter = Getter.of(arguments.positional().getFirst());
    Predicate<Object> test = test(run, arguments.from(1));
    return element -> test.test(getter.get(element));
  }

  private static Predicate<Object> test(Run run, Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      return Truth::of;
    }
    Callable test = named(arguments.positional().getFirst(), false);
    Arguments rest = arguments.from(1);
    return value -> {
      run.spendOn(value);
      return Truth.of(test.call(run, rest.after(value)));
    };
  }

  private static Callable named(Object name, boolean filter) {
    String kind = filter ? "filter" : "test";
    if (!(name instanceof String text)) {
      throw new Fault("the name of a " + kind + " must be a string");
    }
    return (filter ? Library.filter(text) : Library.test(text))
        .orElseThrow(() -> new Fault("No " + kind + " named " + Display.quoted(text) + "."));
  }
}

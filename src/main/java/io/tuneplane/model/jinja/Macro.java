package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A macro, or the body of a `call` block, with the variables around it.
final class Macro implements Callable {

  private final MacroCode code;
  private final Activation around;

  Macro(MacroCode code, Activation around) {
    this.code = code;
    this.around = around;
  }

  @Override
  public Object call(Run run, Arguments arguments) {
    return code.run(around, bind(arguments));
  }

  /// The values of the parameters, then of the special variables that the body uses; null for what
  /// takes its default.
  private List<@Nullable Object> bind(Arguments arguments) {
    List<String> parameters = code.parameters();
    int given = Math.min(arguments.positional().size(), parameters.size());
    List<@Nullable Object> values = new ArrayList<>(arguments.positional().subList(0, given));
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    for (String parameter : parameters.subList(given, parameters.size())) {
      values.add(named.remove(parameter));
    }
    if (code.usesCaller()) {
      Object caller = named.remove("caller");
      boolean none = caller == null || caller == None.NONE;
      values.add(none ? new Undefined("No caller defined") : caller);
    }
    bindRest(arguments, named, values);
    return values;
  }

  private void bindRest(
      Arguments arguments, Map<String, Object> named, List<@Nullable Object> values) {
    if (code.usesKwargs()) {
      Dict rest = new Dict();
      named.forEach(rest::put);
      values.add(rest);
    } else if (!named.isEmpty()) {
      String name = named.keySet().iterator().next();
      throw new Fault("macro " + label() + " takes no keyword argument '" + name + "'");
    }
    int count = code.parameters().size();
    boolean more = arguments.positional().size() > count;
    if (code.usesVarargs()) {
      List<Object> rest = more ? arguments.from(count).positional() : List.of();
      values.add(new Tuple(rest));
    } else if (more) {
      throw new Fault("macro " + label() + " takes not more than " + count + " argument(s)");
    }
  }

  @Override
  public String name() {
    return code.name();
  }

  /// The name as Python prints it.
  String label() {
    return code.name().isEmpty() ? "None" : Display.quoted(code.name());
  }

  @Nullable Object attribute(String name) {
    return switch (name) {
      case "name" -> code.name().isEmpty() ? None.NONE : code.name();
      case "arguments" -> new Tuple(List.copyOf(code.parameters()));
      case "catch_kwargs" -> code.usesKwargs();
      case "catch_varargs" -> code.usesVarargs();
      case "caller" -> code.usesCaller();
      case "explicit_caller" -> code.parameters().contains("caller");
      default -> null;
    };
  }
}

package io.tuneplane.model.jinja;

import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The functions that every template can call.
final class Globals {

  private Globals() {}

  /// The globals of `transformers`, with a clock for `strftime_now`.
  static Map<String, Object> of(InstantSource clock, ZoneId zone) {
    List<Callable> all =
        List.of(
            Builtin.of("range", "/ start stop? step?", (_, a) -> range(a)),
            Builtin.raw("namespace", (run, a) -> namespace(run, a)),
            Builtin.raw("cycler", (_, a) -> new Cycler(positional("cycler", a))),
            Builtin.of("joiner", "sep?", (_, a) -> joiner(a.get(0, ", "))),
            Builtin.unsupported("lipsum"),
            new DictMaker(),
            Builtin.of("raise_exception", "message", (_, a) -> raise(a.get(0))),
            Builtin.of(
                "strftime_now",
                "format",
                (_, a) ->
                    Strftime.format(LocalDateTime.ofInstant(clock.instant(), zone), a.text(0))));
    Map<String, Object> globals = new HashMap<>();
    all.forEach(g -> globals.put(g.name(), g));
    return globals;
  }

  private static Object range(Builtin.Bound a) {
    boolean one = !a.has(1);
    IntRange range =
        new IntRange(
            one ? 0 : a.number(0, 0), one ? a.number(0, 0) : a.number(1, 0), a.number(2, 1));
    range.length();
    return range;
  }

  private static Object namespace(Run run, Arguments arguments) {
    Namespace namespace = new Namespace();
    namespace.setAll(DictMaker.dict(run, arguments));
    return namespace;
  }

  private static List<Object> positional(String name, Arguments arguments) {
    if (!arguments.named().isEmpty()) {
      throw new Fault(name + "() got an unexpected keyword argument");
    }
    return arguments.positional();
  }

  private static Object joiner(Object separator) {
    boolean[] used = {false};
    return Builtin.of(
        "joiner",
        "",
        (_, _) -> {
          Object text = used[0] ? separator : "";
          used[0] = true;
          return text;
        });
  }

  private static Object raise(Object message) {
    throw new Fault(Display.str(message));
  }
}

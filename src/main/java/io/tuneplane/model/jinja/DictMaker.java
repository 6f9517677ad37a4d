package io.tuneplane.model.jinja;

import java.util.List;

/// The global `dict`.
final class DictMaker implements Callable {

  @Override
  public Object call(Run run, Arguments arguments) {
    return dict(run, arguments);
  }

  /// Python's `dict(...)`: from a mapping or pairs, and from names.
  static Dict dict(Run run, Arguments arguments) {
    if (arguments.positional().size() > 1) {
      throw new Fault("dict expected at most 1 argument");
    }
    Dict dict = new Dict();
    for (Object source : arguments.positional()) {
      if (source instanceof Undefined undefined) {
        throw undefined.fault();
      }
      if (source instanceof Dict other) {
        dict.putAll(other);
      } else {
        putPairs(run, source, dict);
      }
    }
    arguments.named().forEach(dict::put);
    return dict;
  }

  private static void putPairs(Run run, Object source, Dict dict) {
    for (Object pair : Elements.all(run, source)) {
      List<Object> both = Elements.all(run, pair);
      if (both.size() != 2) {
        throw new Fault("a dictionary needs pairs, not " + both.size() + " elements");
      }
      dict.put(both.get(0), both.get(1));
    }
  }

  @Override
  public String name() {
    return "dict";
  }
}

package io.tuneplane.model.jinja;

import java.util.List;

/// Methods of `dict`.
final class DictMethods {

  static final List<Builtin> ALL =
      List.of(
          Builtin.of("get", "/ self key default?", (_, a) -> get((Dict) a.get(0), a)),
          Builtin.of("keys", "/ self", (_, a) -> view(DictView.Kind.KEYS, a)),
          Builtin.of("values", "/ self", (_, a) -> view(DictView.Kind.VALUES, a)),
          Builtin.of("items", "/ self", (_, a) -> view(DictView.Kind.ITEMS, a)));

  private DictMethods() {}

  private static Object get(Dict dict, Builtin.Bound a) {
    Object value = dict.get(a.get(1));
    return value != null ? value : a.get(2, None.NONE);
  }

  private static Object view(DictView.Kind kind, Builtin.Bound a) {
    return new DictView(kind, (Dict) a.get(0));
  }
}

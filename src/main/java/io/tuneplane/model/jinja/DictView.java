package io.tuneplane.model.jinja;

import java.util.List;

/// What `keys()`, `values()` and `items()` return: it can be iterated, counted and searched, not
/// indexed.
record DictView(Kind kind, Dict dict) {

  enum Kind {
    KEYS("dict_keys"),
    VALUES("dict_values"),
    ITEMS("dict_items");

    final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  List<Object> elements() {
    return switch (kind) {
      case KEYS -> dict.keys();
      case VALUES -> dict.values();
      case ITEMS -> dict.items();
    };
  }
}

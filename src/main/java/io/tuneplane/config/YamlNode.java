package io.tuneplane.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A piece of a YAML text that knows where it stood, so that an error can name its line. Scalars
/// stay text: a price must not pass through a binary fraction.
public sealed interface YamlNode {

  /// The file's name and the line, counted from 1: `prices.yaml:12`.
  String where();

  /// Keys and values, in the order of the text. No key stands twice.
  record Mapping(Map<String, YamlNode> entries, String where) implements YamlNode {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /// The value under a key, if it is there.
    public Optional<YamlNode> get(String key) {
      return Optional.ofNullable(entries.get(key));
    }
  }

  /// Values in order.
  record Sequence(List<YamlNode> items, String where) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /// A text, a number or a truth value, as written; empty for `null` and `~`.
  record Scalar(Optional<String> text, String where) implements YamlNode {}
}

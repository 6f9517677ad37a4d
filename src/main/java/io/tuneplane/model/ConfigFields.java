package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads settings of a JSON object with their bounds. A missing key and `null` are the same.
///
/// @param source names the object in errors
record ConfigFields(JsonNode node, String source) {

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  ConfigFields object(String key) {
    JsonNode child = node.path(key);
    if (!child.isObject()) {
      throw wrong(key, "an object");
    }
    return new ConfigFields(child, source + ": " + key);
  }

  int whole(String key, int max) {
    return whole(key, 1, max);
  }

  int whole(String key, int min, int max) {
    return whole(key, node.path(key), min, max);
  }

  private int whole(String key, JsonNode value, int min, int max) {
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.asInt() < min
        || value.asInt() > max) {
      throw wrong(key, "a whole number from %d to %d".formatted(min, max));
    }
    return value.asInt();
  }

  int wholeOr(String key, int max, int fallback) {
    return has(key) ? whole(key, 1, max) : fallback;
  }

  double positive(String key) {
    JsonNode value = node.path(key);
    if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
      throw wrong(key, "a number above 0");
    }
    return value.asDouble();
  }

  double positive(String key, double fallback) {
    return has(key) ? positive(key) : fallback;
  }

  boolean flag(String key, boolean fallback) {
    if (!has(key)) {
      return fallback;
    }
    if (!node.path(key).isBoolean()) {
      throw wrong(key, "true or false");
    }
    return node.path(key).asBoolean();
  }

  Optional<String> text(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!node.path(key).isTextual()) {
      throw wrong(key, "a text");
    }
    return Optional.of(node.path(key).asText());
  }

  /// A whole number or a list of them, or nothing.
  List<Integer> ids(String key, int max) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode value = node.path(key);
    if (!value.isArray()) {
      return List.of(whole(key, value, 0, max));
    }
    List<Integer> ids = new ArrayList<>();
    for (JsonNode id : value) {
      ids.add(whole(key, id, 0, max));
    }
    return ids;
  }

  ModelException wrong(String key, String expected) {
    JsonNode value = node.path(key);
    return new ModelException(
        "%s: '%s' must be %s, not %s"
            .formatted(source, key, expected, value.isMissingNode() ? "missing" : brief(value)));
  }

  private static String brief(JsonNode value) {
    String text = value.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}

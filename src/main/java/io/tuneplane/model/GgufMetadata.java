package io.tuneplane.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The metadata of a GGUF file, read with their bounds.
///
/// @param source names the file in errors
record GgufMetadata(Map<String, GgufValue> values, String source) {

  boolean has(String key) {
    return values.containsKey(key);
  }

  int whole(String key, int min, int max) {
    if (values.get(key) instanceof GgufValue.Whole(long value) && value >= min && value <= max) {
      return (int) value;
    }
    throw wrong(key, "a whole number from %d to %d".formatted(min, max));
  }

  Optional<Integer> optionalWhole(String key, int min, int max) {
    return has(key) ? Optional.of(whole(key, min, max)) : Optional.empty();
  }

  double positive(String key) {
    if (values.get(key) instanceof GgufValue.Real(double value)
        && value > 0
        && !Double.isInfinite(value)) {
      return value;
    }
    throw wrong(key, "a number above 0");
  }

  double positive(String key, double fallback) {
    return has(key) ? positive(key) : fallback;
  }

  String text(String key) {
    if (values.get(key) instanceof GgufValue.Text(String value)) {
      return value;
    }
    throw wrong(key, "a text");
  }

  Optional<String> optionalText(String key) {
    return has(key) ? Optional.of(text(key)) : Optional.empty();
  }

  List<String> texts(String key) {
    if (values.get(key) instanceof GgufValue.Texts(List<String> texts)) {
      return texts;
    }
    throw wrong(key, "a list of texts");
  }

  long[] wholes(String key) {
    if (values.get(key) instanceof GgufValue.Wholes(long[] wholes)) {
      return wholes;
    }
    throw wrong(key, "a list of whole numbers");
  }

  private ModelException wrong(String key, String expected) {
    return new ModelException(
        "%s: '%s' must be %s%s".formatted(source, key, expected, has(key) ? "" : ", not missing"));
  }
}

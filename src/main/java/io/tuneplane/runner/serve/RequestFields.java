package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;

/// Takes typed values out of a request's body. A field that is null counts as absent; one of
/// another type or outside of its range is refused by name.
///
/// @param json the object
record RequestFields(JsonNode json) {

  private Optional<JsonNode> field(String name) {
    return Optional.ofNullable(json.get(name)).filter(n -> !n.isNull());
  }

  Optional<String> text(String name) {
    return field(name)
        .map(node -> {
          require(node.isTextual(), name, "must be a string");
          return node.asText();
        });
  }

  String requiredText(String name) {
    return text(name)
        .filter(t -> !t.isEmpty())
        .orElseThrow(() -> ApiException.bad(name, "'%s' is missing.".formatted(name)));
  }

  boolean flag(String name) {
    return field(name)
        .map(node -> {
          require(node.isBoolean(), name, "must be true or false");
          return node.booleanValue();
        })
        .orElse(false);
  }

  OptionalInt integer(String name, int least, int most) {
    Optional<JsonNode> node = field(name);
    if (node.isEmpty()) {
      return OptionalInt.empty();
    }
    boolean fits = node.get().isIntegralNumber() && node.get().canConvertToInt();
    require(
        fits && node.get().intValue() >= least && node.get().intValue() <= most,
        name,
        "must be a whole number from %d to %d".formatted(least, most));
    return OptionalInt.of(node.get().intValue());
  }

  OptionalLong integer64(String name) {
    Optional<JsonNode> node = field(name);
    if (node.isEmpty()) {
      return OptionalLong.empty();
    }
    require(
        node.get().isIntegralNumber() && node.get().canConvertToLong(),
        name,
        "must be a whole number of 64 bits");
    return OptionalLong.of(node.get().longValue());
  }

  OptionalDouble number(String name, double least, double most) {
    Optional<JsonNode> node = field(name);
    if (node.isEmpty()) {
      return OptionalDouble.empty();
    }
    double value = node.get().isNumber() ? node.get().doubleValue() : Double.NaN;
    require(
        value >= least && value <= most,
        name,
        "must be a number from %s to %s".formatted(least, most));
    return OptionalDouble.of(value);
  }

  /// The elements of an array; none where it is absent.
  List<JsonNode> list(String name, int most) {
    return field(name)
        .map(node -> {
          require(node.isArray(), name, "must be an array");
          require(
              node.size() <= most,
              name,
              "has %d elements, at most %d are taken".formatted(node.size(), most));
          return StreamSupport.stream(node.spliterator(), false).toList();
        })
        .orElse(List.of());
  }

  /// An object within; an empty one where it is absent.
  RequestFields object(String name) {
    JsonNode node = field(name).orElseGet(ApiJson::object);
    require(node.isObject(), name, "must be an object");
    return new RequestFields(node);
  }

  boolean has(String name) {
    return field(name).isPresent();
  }

  boolean isText(String name) {
    return field(name).filter(JsonNode::isTextual).isPresent();
  }

  private static void require(boolean condition, String name, String problem) {
    if (!condition) {
      throw ApiException.bad(name, "'%s' %s.".formatted(name, problem));
    }
  }
}

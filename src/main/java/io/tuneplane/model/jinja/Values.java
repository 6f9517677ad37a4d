package io.tuneplane.model.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Makes template values of JSON.
final class Values {

  private Values() {}

  /// The value that Python's `json.loads` gives.
  ///
  /// @throws Fault if it is nested too deep
  static Object of(JsonNode node) {
    return of(node, 0);
  }

  private static Object of(JsonNode node, int depth) {
    if (depth > Run.MAX_NESTING) {
      throw new Fault("the input is nested too deep");
    }
    return switch (node.getNodeType()) {
      case STRING -> node.textValue();
      case OBJECT -> dict(node, depth);
      case ARRAY -> list(node, depth);
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> number(node);
      case NULL, MISSING -> None.NONE;
      case BINARY, POJO -> throw Fault.unsupported("a value that JSON doesn't have");
    };
  }

  private static Dict dict(JsonNode node, int depth) {
    Dict dict = new Dict();
    node.properties().forEach(p -> dict.put(p.getKey(), of(p.getValue(), depth + 1)));
    return dict;
  }

  private static List<Object> list(JsonNode node, int depth) {
    List<Object> list = new ArrayList<>(node.size());
    node.forEach(n -> list.add(of(n, depth + 1)));
    return list;
  }

  private static Object number(JsonNode node) {
    if (!node.isIntegralNumber()) {
      return node.doubleValue();
    }
    if (node.canConvertToLong()) {
      return node.longValue();
    }
    BigInteger number = node.bigIntegerValue();
    return Arithmetic.normal(number);
  }
}

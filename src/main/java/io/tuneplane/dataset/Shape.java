package io.tuneplane.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tuneplane.dataset.JsonTape.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the examples of one format. What is of another shape is an error of rule `wrong-shape`;
/// content and weights that are wrong are kept as such, for the rules to say in their order.
abstract sealed class Shape
    permits ChatMlShape,
        AlpacaShape,
        ShareGptShape,
        VertexShape,
        OpenAiPreferenceShape,
        TrlPreferenceShape {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Shape of(Format format) {
    return switch (format) {
      case CHATML -> new ChatMlShape();
      case ALPACA -> new AlpacaShape();
      case SHAREGPT -> new ShareGptShape();
      case VERTEX -> new VertexShape();
      case OPENAI_PREFERENCE -> new OpenAiPreferenceShape();
      case TRL_PREFERENCE -> new TrlPreferenceShape();
    };
  }

  /// Reads the example at the tape's root, which is an object.
  abstract Draft read(JsonTape tape) throws LineException;

  /// The keys that the format defines at the top of an example.
  abstract Set<String> keys();

  /// The keys at the top that the format does not define.
  List<String> unknownKeys(JsonTape tape) {
    List<String> unknown = new ArrayList<>();
    int after = tape.next(0);
    for (int k = 1; k < after; k = tape.next(k + 1)) {
      String key = tape.string(k);
      if (!keys().contains(key)) {
        unknown.add(key);
      }
    }
    return unknown;
  }

  /// A key's name, as the tape looks for it.
  static byte[] key(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  static LineException wrong(String what) {
    return new LineException(Rule.SHAPE, -1, what);
  }

  /// Whether Python takes the value for false: absent, null, or with nothing in it.
  static boolean nothing(JsonTape tape, int value) {
    if (value == JsonTape.NONE) {
      return true;
    }
    return switch (tape.kind(value)) {
      case NULL, FALSE -> true;
      case TRUE -> false;
      case STRING -> tape.start(value) == tape.end(value);
      case NUMBER -> Double.parseDouble(tape.raw(value)) == 0;
      case OBJECT, ARRAY -> tape.empty(value);
    };
  }

  static Content content(JsonTape tape, int value) {
    if (value == JsonTape.NONE || tape.is(value, Kind.NULL)) {
      return Content.Absent.MISSING;
    }
    return tape.is(value, Kind.STRING) ? new Content.InLine(tape, value) : Content.Absent.NOT_TEXT;
  }

  /// The values of a list.
  static List<Integer> list(JsonTape tape, int value, String name) throws LineException {
    if (!tape.is(value, Kind.ARRAY)) {
      throw wrong("'" + name + "' is not a list");
    }
    List<Integer> values = new ArrayList<>();
    int after = tape.next(value);
    for (int v = value + 1; v < after; v = tape.next(v)) {
      values.add(v);
    }
    return values;
  }

  static Optional<String> optionalString(JsonTape tape, int value) {
    return tape.is(value, Kind.STRING) ? Optional.of(tape.string(value)) : Optional.empty();
  }

  static List<JsonNode> nodes(JsonTape tape, int value, String name) throws LineException {
    if (value == JsonTape.NONE || tape.is(value, Kind.NULL)) {
      return List.of();
    }
    List<JsonNode> nodes = new ArrayList<>();
    for (int v : list(tape, value, name)) {
      nodes.add(node(tape, v));
    }
    return nodes;
  }

  static JsonNode node(JsonTape tape, int value) throws LineException {
    int quotes = tape.is(value, Kind.STRING) ? 1 : 0;
    int start = tape.start(value) - quotes;
    try {
      return JSON.readTree(tape.bytes(), start, tape.end(value) + quotes - start);
    } catch (IOException e) {
      throw new LineException(Rule.BROKEN_JSON, start, String.valueOf(e.getMessage()));
    }
  }

  /// The JSON that a string holds, if it holds an object or a list.
  static Optional<JsonNode> parsed(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return node != null && node.isContainerNode() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }
}

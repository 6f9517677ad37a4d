package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// Takes typed values out of a JSON object and notes what is wrong with the others, by the name
/// under which the sender knows them. A field that is null counts as absent.
///
/// @param json the object
/// @param path what stands before its fields' names, e.g. `method.dpo.`; empty at the top
/// @param problems where problems are noted
record Fields(JsonNode json, String path, List<Problem> problems) {

  /// The top of a body.
  ///
  /// @throws RequestException if it is no object
  static Fields of(JsonNode body) {
    if (!body.isObject()) {
      throw new RequestException(List.of(new Problem("body", "must be a JSON object")));
    }
    return new Fields(body, "", new ArrayList<>());
  }

  Optional<JsonNode> field(String name) {
    return Optional.ofNullable(json.get(name)).filter(node -> !node.isNull());
  }

  void problem(String name, String message) {
    problems.add(new Problem(path + name, message));
  }

  Optional<String> text(String name) {
    Optional<JsonNode> node = field(name);
    if (node.isPresent() && !node.get().isTextual()) {
      problem(name, "must be a string");
      return Optional.empty();
    }
    return node.map(JsonNode::textValue);
  }

  /// A string that must be there.
  String required(String name) {
    boolean known = field(name).isPresent();
    Optional<String> text = text(name).filter(t -> !t.isBlank());
    if (text.isEmpty() && (!known || field(name).get().isTextual())) {
      problem(name, "is required: a string that is not empty");
    }
    return text.orElse("");
  }

  /// A whole number within bounds.
  Optional<Long> whole(String name, long least, long most) {
    Optional<JsonNode> node = field(name);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    boolean fits = node.get().isIntegralNumber() && node.get().canConvertToLong();
    if (!fits || node.get().longValue() < least || node.get().longValue() > most) {
      problem(name, "must be a whole number from %d to %d".formatted(least, most));
      return Optional.empty();
    }
    return node.map(JsonNode::longValue);
  }

  /// The fields of an object within; none where it is absent.
  Fields object(String name) {
    JsonNode node = field(name).orElseGet(() -> Json.mapper().createObjectNode());
    if (!node.isObject()) {
      problem(name, "must be an object");
      node = Json.mapper().createObjectNode();
    }
    return new Fields(node, path + name + ".", problems);
  }

  List<String> names() {
    return StreamSupport.stream(((Iterable<String>) json::fieldNames).spliterator(), false)
        .toList();
  }

  /// Notes every field that is not one of these.
  void onlyKnown(List<String> known) {
    for (String name : names()) {
      if (!known.contains(name)) {
        problem(name, "is not known here; known are " + known);
      }
    }
  }

  /// @throws RequestException if anything is wrong
  void done() {
    if (!problems.isEmpty()) {
      throw new RequestException(problems);
    }
  }

  /// The elements of an array of strings.
  ///
  /// @param texts whether it is one
  record Elements(boolean texts, List<String> values) {}

  static Elements elements(JsonNode node) {
    List<JsonNode> all = StreamSupport.stream(node.spliterator(), false).toList();
    return new Elements(
        node.isArray() && all.stream().allMatch(JsonNode::isTextual),
        all.stream().map(JsonNode::asText).toList());
  }
}

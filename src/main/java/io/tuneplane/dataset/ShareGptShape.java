package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.dataset.JsonTape.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `{"conversations": [{"from", "value"}], "system", "tools"}`, also with `role` and `content` for
/// `from` and `value`. `human` is the user, `gpt` the assistant, `observation` a tool; a
/// `function_call` is an assistant's turn whose value is `{"name", "arguments"}` (LLaMA-Factory's
/// form).
final class ShareGptShape extends Shape {

  private static final byte[] CONVERSATIONS = key("conversations");
  private static final byte[] FROM = key("from");
  private static final byte[] ROLE = key("role");
  private static final byte[] VALUE = key("value");
  private static final byte[] CONTENT = key("content");
  private static final byte[] WEIGHT = key("weight");
  private static final byte[] SYSTEM = key("system");
  private static final byte[] TOOLS = key("tools");

  @Override
  Set<String> keys() {
    return Set.of("conversations", "system", "tools");
  }

  @Override
  Draft read(JsonTape tape) throws LineException {
    List<Turn> turns = new ArrayList<>();
    int conversations = tape.find(0, CONVERSATIONS);
    if (nothing(tape, conversations)) {
      return Draft.chat(List.of(), List.of());
    }
    int system = tape.find(0, SYSTEM);
    if (!nothing(tape, system)) {
      turns.add(Turn.of("system", content(tape, system)));
    }
    int index = 0;
    for (int entry : list(tape, conversations, "conversations")) {
      turns.add(turn(tape, entry, index++));
    }
    return Draft.chat(turns, tools(tape));
  }

  private static Turn turn(JsonTape tape, int entry, int index) throws LineException {
    int from = either(tape, entry, FROM, ROLE);
    if (!tape.is(from, Kind.STRING)) {
      throw wrong("entry " + index + " of 'conversations' has no 'from'");
    }
    String name = tape.string(from);
    Content content = content(tape, either(tape, entry, VALUE, CONTENT));
    Turn.Weight weight = ChatMlShape.weight(tape, tape.find(entry, WEIGHT));
    if (name.equals("function_call")) {
      return call(content, weight, index);
    }
    return new Turn(role(name), content, weight, Turn.Extras.NONE);
  }

  private static int either(JsonTape tape, int entry, byte[] first, byte[] second) {
    int value = tape.find(entry, first);
    return value == JsonTape.NONE ? tape.find(entry, second) : value;
  }

  private static String role(String from) {
    return switch (from) {
      case "human", "user" -> "user";
      case "gpt", "assistant", "chatgpt", "bing", "bard", "model" -> "assistant";
      case "system" -> "system";
      case "observation", "tool", "function_response" -> "tool";
      default -> from;
    };
  }

  private static Turn call(Content content, Turn.Weight weight, int index) throws LineException {
    Optional<JsonNode> parsed = parsed(content.text());
    if (parsed.isEmpty() || !parsed.get().path("name").isTextual()) {
      throw wrong("entry " + index + ": a function_call must hold {\"name\", \"arguments\"}");
    }
    ObjectNode call = JsonNodeFactory.instance.objectNode();
    call.put("id", "call_" + index).put("type", "function");
    JsonNode arguments = parsed.get().path("arguments");
    call.putObject("function")
        .put("name", parsed.get().path("name").textValue())
        .put("arguments", arguments.isTextual() ? arguments.textValue() : arguments.toString());
    return new Turn(
        "assistant",
        Content.Absent.MISSING,
        weight,
        new Turn.Extras(List.of(call), Optional.empty(), Optional.empty()));
  }

  private static List<JsonNode> tools(JsonTape tape) throws LineException {
    int value = tape.find(0, TOOLS);
    if (nothing(tape, value)) {
      return List.of();
    }
    if (!tape.is(value, Kind.STRING)) {
      return nodes(tape, value, "tools");
    }
    JsonNode parsed = parsed(tape.string(value)).orElseThrow(() -> wrong("'tools' is no JSON"));
    List<JsonNode> tools = new ArrayList<>();
    if (parsed.isArray()) {
      parsed.forEach(tools::add);
    } else {
      tools.add(parsed);
    }
    return tools;
  }
}

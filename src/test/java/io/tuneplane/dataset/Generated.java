package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/// Examples by seed, for property tests.
final class Generated {

  private static final String[] PIECES = {
    "a",
    "Where is",
    " ",
    "\n",
    "ß",
    "日本",
    "😀",
    "\"",
    "\\",
    "\t",
    "{{ x }}",
    "<|im_end|>",
    "\u2028",
    "7",
    "\u0001",
    "é",
    "[",
    "'"
  };

  private Generated() {}

  static String text(Random random) {
    StringBuilder out = new StringBuilder("x");
    for (int i = random.nextInt(8); i > 0; i--) {
      out.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return out.toString();
  }

  /// Turns of user and assistant, with a system turn first or none.
  static Example.Chat plainChat(Random random) {
    List<Message> turns = new ArrayList<>();
    if (random.nextBoolean()) {
      turns.add(Message.of("system", text(random)));
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      turns.add(Message.of("user", text(random)));
      turns.add(Message.of("assistant", text(random)));
    }
    return new Example.Chat(turns, List.of());
  }

  /// Everything that ChatML can say.
  static Example.Chat chat(Random random) {
    List<Message> turns = new ArrayList<>(plainChat(random).messages());
    if (random.nextBoolean()) {
      Message last = turns.removeLast();
      turns.add(call(random));
      turns.add(
          new Message(
              "tool",
              Optional.of(text(random)),
              List.of(),
              Optional.of("call_1"),
              Optional.empty(),
              OptionalInt.empty()));
      turns.add(
          new Message(
              "assistant",
              last.content(),
              List.of(),
              Optional.empty(),
              random.nextBoolean() ? Optional.of("Juno") : Optional.empty(),
              random.nextBoolean() ? OptionalInt.of(1) : OptionalInt.empty()));
    }
    return new Example.Chat(turns, random.nextBoolean() ? List.of() : List.of(tool(random)));
  }

  static Example.Preference pair(Random random) {
    List<Message> turns = plainChat(random).messages();
    return new Example.Preference(
        turns.subList(0, turns.size() - 1),
        List.of(turns.getLast()),
        List.of(Message.of("assistant", text(random))),
        random.nextBoolean() ? List.of() : List.of(tool(random)));
  }

  private static Message call(Random random) {
    ObjectNode call = JsonNodeFactory.instance.objectNode();
    call.put("id", "call_1").put("type", "function");
    call.putObject("function")
        .put("name", "find")
        .put("arguments", "{\"n\":" + random.nextInt(9) + "}");
    return new Message(
        "assistant",
        Optional.empty(),
        List.of(call),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  private static JsonNode tool(Random random) {
    ObjectNode tool = JsonNodeFactory.instance.objectNode();
    tool.put("type", "function");
    tool.putObject("function").put("name", "find").put("description", text(random));
    return tool;
  }

  /// The value written with keys in any order and white space anywhere, and some characters
  /// escaped.
  static String scrambled(JsonNode node, Random random) {
    if (node.isObject()) {
      List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(node.properties());
      Collections.shuffle(fields, random);
      List<String> parts = new ArrayList<>();
      for (Map.Entry<String, JsonNode> field : fields) {
        String key = string(field.getKey(), random);
        parts.add(
            space(random)
                + key
                + space(random)
                + ":"
                + space(random)
                + scrambled(field.getValue(), random)
                + space(random));
      }
      return "{" + String.join(",", parts) + (parts.isEmpty() ? space(random) : "") + "}";
    } else if (node.isArray()) {
      List<String> parts = new ArrayList<>();
      node.forEach(v -> parts.add(space(random) + scrambled(v, random) + space(random)));
      return "[" + String.join(",", parts) + "]";
    }
    return node.isTextual() ? string(node.textValue(), random) : node.toString();
  }

  private static String space(Random random) {
    return " \t".substring(0, random.nextInt(3)).repeat(random.nextInt(2));
  }

  private static String string(String text, Random random) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          boolean must = c == '"' || c == '\\' || c < ' ';
          if (must || random.nextInt(6) == 0) {
            for (char half : Character.toChars(c)) {
              out.append("\\u%04x".formatted((int) half));
            }
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.append('"').toString();
  }
}

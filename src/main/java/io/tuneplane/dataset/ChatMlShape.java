package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.dataset.JsonTape.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `{"messages": [{"role", "content", "weight", "name", "tool_calls", "tool_call_id"}], "tools"}`.
final class ChatMlShape extends Shape {

  private static final byte[] MESSAGES = key("messages");
  private static final byte[] ROLE = key("role");
  private static final byte[] CONTENT = key("content");
  private static final byte[] WEIGHT = key("weight");
  private static final byte[] NAME = key("name");
  private static final byte[] TOOLS = key("tools");
  private static final byte[] TOOL_CALLS = key("tool_calls");
  private static final byte[] TOOL_CALL_ID = key("tool_call_id");
  private static final List<String> ROLES = List.of("system", "user", "assistant", "tool");
  private static final List<byte[]> ROLE_BYTES = ROLES.stream().map(Shape::key).toList();

  @Override
  Set<String> keys() {
    return Set.of("messages", "tools", "parallel_tool_calls");
  }

  @Override
  Draft read(JsonTape tape) throws LineException {
    return Draft.chat(messages(tape, 0, MESSAGES), nodes(tape, tape.find(0, TOOLS), "tools"));
  }

  /// The messages under a key; none where the key is absent or holds nothing.
  static List<Turn> messages(JsonTape tape, int object, byte[] key) throws LineException {
    int value = tape.find(object, key);
    if (nothing(tape, value)) {
      return List.of();
    }
    String name = new String(key, java.nio.charset.StandardCharsets.US_ASCII);
    if (!tape.is(value, Kind.ARRAY)) {
      throw wrong("'" + name + "' is not a list");
    }
    List<Turn> turns = new ArrayList<>(3);
    int after = tape.next(value);
    for (int v = value + 1; v < after; v = tape.next(v)) {
      turns.add(message(tape, v, turns.size()));
    }
    return turns;
  }

  private static Turn message(JsonTape tape, int value, int index) throws LineException {
    if (!tape.is(value, Kind.OBJECT)) {
      throw wrong("message " + index + " is not an object");
    }
    int role = tape.find(value, ROLE);
    if (!tape.is(role, Kind.STRING)) {
      throw wrong("message " + index + " has no role");
    }
    return new Turn(
        role(tape, role),
        content(tape, tape.find(value, CONTENT)),
        weight(tape, tape.find(value, WEIGHT)),
        extras(tape, value));
  }

  private static String role(JsonTape tape, int value) {
    for (int i = 0; i < ROLES.size(); i++) {
      if (tape.stringIs(value, ROLE_BYTES.get(i))) {
        return ROLES.get(i);
      }
    }
    return tape.string(value);
  }

  static Turn.Weight weight(JsonTape tape, int value) {
    if (value == JsonTape.NONE) {
      return Turn.Weight.ABSENT;
    }
    if (!tape.is(value, Kind.NUMBER)) {
      return Turn.Weight.WRONG;
    }
    return switch (tape.raw(value)) {
      case "0" -> Turn.Weight.ZERO;
      case "1" -> Turn.Weight.ONE;
      default -> Turn.Weight.WRONG;
    };
  }

  private static Turn.Extras extras(JsonTape tape, int message) throws LineException {
    int calls = tape.find(message, TOOL_CALLS);
    int callId = tape.find(message, TOOL_CALL_ID);
    int name = tape.find(message, NAME);
    if (calls == JsonTape.NONE && callId == JsonTape.NONE && name == JsonTape.NONE) {
      return Turn.Extras.NONE;
    }
    List<JsonNode> toolCalls = nodes(tape, calls, "tool_calls");
    return new Turn.Extras(toolCalls, optionalString(tape, callId), optionalString(tape, name));
  }
}

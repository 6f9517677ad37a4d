package io.tuneplane.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/// Writes examples in the formats that can say all of them: ChatML for conversations, OpenAI's form
/// for preference pairs.
final class ExampleWriter {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ExampleWriter() {}

  /// A line without its end, as the runner reads it and digests are made of.
  static byte[] canonical(Example example) {
    byte[] line = line(node(example));
    byte[] padded = Arrays.copyOf(line, line.length + JsonTape.PADDING);
    JsonTape tape = new JsonTape();
    try {
      tape.parse(padded, 0, line.length);
    } catch (LineException e) {
      throw new DataException("an example can't be written: " + e.what(), e);
    }
    ByteSink out = new ByteSink(line.length);
    CanonicalJson.write(tape, 0, out);
    return Arrays.copyOf(out.bytes(), out.length());
  }

  static byte[] line(JsonNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new DataException("an example can't be written: " + e.getOriginalMessage(), e);
    }
  }

  static ObjectNode node(Example example) {
    return switch (example) {
      case Example.Chat chat -> chat(chat);
      case Example.Preference pair -> pair(pair);
    };
  }

  static ArrayNode messages(List<Message> messages) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    messages.forEach(m -> array.add(message(m)));
    return array;
  }

  static void addTools(ObjectNode node, List<JsonNode> tools) {
    if (!tools.isEmpty()) {
      node.putArray("tools").addAll(tools);
    }
  }

  private static ObjectNode chat(Example.Chat chat) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("messages", messages(chat.messages()));
    addTools(node, chat.tools());
    return node;
  }

  private static ObjectNode pair(Example.Preference pair) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ObjectNode input = node.putObject("input");
    input.set("messages", messages(pair.prompt()));
    addTools(input, pair.tools());
    node.set("preferred_output", messages(pair.preferred()));
    node.set("non_preferred_output", messages(pair.nonPreferred()));
    return node;
  }

  private static ObjectNode message(Message message) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("role", message.role());
    message.content().ifPresent(c -> node.put("content", c));
    message.name().ifPresent(n -> node.put("name", n));
    if (!message.toolCalls().isEmpty()) {
      node.putArray("tool_calls").addAll(message.toolCalls());
    }
    message.toolCallId().ifPresent(id -> node.put("tool_call_id", id));
    message.weight().ifPresent(w -> node.put("weight", w));
    return node;
  }
}

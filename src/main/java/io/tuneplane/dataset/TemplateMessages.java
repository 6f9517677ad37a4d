package io.tuneplane.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Turns as chat templates read them.
///
/// A call's `arguments` are an object here: OpenAI writes them as a string that holds JSON, and
/// templates of open models print what they are given (transformers, "Tool use": pass a dict; vLLM
/// converts in the same way before it renders). Text that is no JSON object stays a string.
final class TemplateMessages {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private TemplateMessages() {}

  static List<JsonNode> of(List<Message> messages) {
    return messages.stream().map(TemplateMessages::of).toList();
  }

  private static JsonNode of(Message message) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("role", message.role());
    message.content().ifPresent(c -> node.put("content", c));
    message.name().ifPresent(n -> node.put("name", n));
    message.toolCallId().ifPresent(id -> node.put("tool_call_id", id));
    if (!message.toolCalls().isEmpty()) {
      ArrayNode calls = node.putArray("tool_calls");
      message.toolCalls().forEach(call -> calls.add(withArgumentsAsObject(call)));
    }
    return node;
  }

  private static JsonNode withArgumentsAsObject(JsonNode call) {
    JsonNode arguments = call.path("function").path("arguments");
    if (!arguments.isTextual()) {
      return call;
    }
    try {
      JsonNode parsed = JSON.readTree(arguments.textValue());
      if (!parsed.isObject()) {
        return call;
      }
      ObjectNode copy = call.deepCopy();
      copy.withObject("/function").set("arguments", parsed);
      return copy;
    } catch (JsonProcessingException notJson) {
      return call;
    }
  }
}

package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.dataset.Message;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads the turns of a chat request.
final class ChatMessages {

  /// The most turns of a conversation.
  static final int MOST = 2048;

  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");

  private ChatMessages() {}

  /// @throws ApiException naming the first turn that is wrong
  static List<Message> read(RequestFields body) {
    List<JsonNode> nodes = body.list("messages", MOST);
    if (nodes.isEmpty()) {
      throw ApiException.bad("messages", "'messages' is missing or empty.");
    }
    return nodes.stream().map(ChatMessages::message).toList();
  }

  private static Message message(JsonNode node) {
    if (!node.isObject()) {
      throw ApiException.bad("messages", "A message must be an object.");
    }
    RequestFields fields = new RequestFields(node);
    String role = fields.requiredText("role");
    if (!ROLES.contains(role)) {
      throw ApiException.bad("messages", "No message has the role '%s'.".formatted(role));
    }
    Optional<String> content = content(fields);
    List<JsonNode> calls = fields.list("tool_calls", MOST);
    if (content.isEmpty() && calls.isEmpty()) {
      throw ApiException.bad("messages", "A message has neither content nor tool calls.");
    }
    return new Message(
        // OpenAI's newer name of the same thing, which no open model's template knows.
        role.equals("developer") ? "system" : role,
        content,
        calls,
        fields.text("tool_call_id"),
        fields.text("name"),
        OptionalInt.empty());
  }

  /// A text, or OpenAI's list of parts, of which text alone is taken.
  private static Optional<String> content(RequestFields fields) {
    if (!fields.has("content") || fields.isText("content")) {
      return fields.text("content");
    }
    return Optional.of(
        fields.list("content", MOST).stream()
            .map(ChatMessages::part)
            .collect(Collectors.joining()));
  }

  private static String part(JsonNode node) {
    RequestFields part = new RequestFields(node);
    if (!part.text("type").equals(Optional.of("text"))) {
      throw ApiException.bad("messages", "Only text is taken as a message's content.");
    }
    return part.text("text").orElse("");
  }
}

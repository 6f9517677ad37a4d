package io.tuneplane.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.dataset.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Reads the turns of a chat request.
final class ChatMessages {

  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");
  private static final int MOST_PARTS = 256;

  private ChatMessages() {}

  /// @throws Refusal naming the first turn that is wrong
  static List<Message> read(JsonNode turns, int most) {
    if (!turns.isArray() || turns.isEmpty()) {
      throw ChatBody.wrong("messages", "must be an array with at least one message");
    }
    if (turns.size() > most) {
      throw ChatBody.wrong(
          "messages", "has %d messages, at most %d are taken".formatted(turns.size(), most));
    }
    List<Message> messages = new ArrayList<>(turns.size());
    for (int i = 0; i < turns.size(); i++) {
      messages.add(message(turns.get(i), "messages[%d]".formatted(i)));
    }
    return messages;
  }

  private static Message message(JsonNode turn, String where) {
    String role = turn.path("role").asText();
    if (!ROLES.contains(role)) {
      throw ChatBody.wrong(where + ".role", "must be system, developer, user, assistant or tool");
    }
    Optional<String> content = content(turn.path("content"), where + ".content");
    List<JsonNode> calls = new ArrayList<>();
    turn.path("tool_calls").forEach(calls::add);
    if (content.isEmpty() && calls.isEmpty()) {
      throw ChatBody.wrong(where + ".content", "is required");
    }
    return new Message(
        // OpenAI's newer name of the same thing, which no open model's template knows.
        role.equals("developer") ? "system" : role,
        content,
        calls,
        Optional.ofNullable(turn.path("tool_call_id").textValue()),
        Optional.ofNullable(turn.path("name").textValue()),
        OptionalInt.empty());
  }

  /// A text, or OpenAI's list of parts, of which text alone is taken: no address is ever fetched.
  private static Optional<String> content(JsonNode content, String where) {
    if (content.isMissingNode() || content.isNull()) {
      return Optional.empty();
    }
    if (content.isTextual()) {
      return Optional.of(content.textValue());
    }
    if (!content.isArray() || content.size() > MOST_PARTS) {
      throw ChatBody.wrong(
          where, "must be a text, or an array of at most %d parts".formatted(MOST_PARTS));
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
        throw ChatBody.unsupported(where, "only parts of the type text are taken");
      }
      text.append(part.path("text").textValue());
    }
    return Optional.of(text.toString());
  }
}

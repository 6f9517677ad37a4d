package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One turn of a conversation.
///
/// @param role `system`, `user`, `assistant` or `tool`
/// @param content the text; empty where an assistant's turn is tool calls alone
/// @param toolCalls an assistant's calls, in OpenAI's form; empty for none
/// @param toolCallId the call that a tool's turn answers
/// @param name the participant's name
/// @param weight 0 to leave an assistant's turn out of the loss, 1 (or absent) to learn it
public record Message(
    String role,
    Optional<String> content,
    List<JsonNode> toolCalls,
    Optional<String> toolCallId,
    Optional<String> name,
    OptionalInt weight) {

  public Message {
    toolCalls = List.copyOf(toolCalls);
  }

  /// A plain turn.
  public static Message of(String role, String content) {
    return new Message(
        role,
        Optional.of(content),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }
}

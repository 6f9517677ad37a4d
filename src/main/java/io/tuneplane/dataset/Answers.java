package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.model.ChatTemplate;
import java.util.ArrayList;
import java.util.List;

/// Finds the answers in a rendered conversation, as positions in its text.
///
/// An answer starts where the prompt that a server would render for it ends (the turns before it,
/// with the generation prompt), and ends where the conversation up to and with it ends. Where a
/// template renders a turn differently once others follow (Qwen3 drops the reasoning of earlier
/// answers), the end is the end of the content, which must stand right after the prompt. Where
/// neither holds, training could not match serving, and that is an error.
final class Answers {

  /// More turns than this are refused: each answer costs a rendering of all that precedes it.
  static final int MAX_MESSAGES = 2048;

  private final ChatTemplate template;

  Answers(ChatTemplate template) {
    this.template = template;
  }

  /// A conversation's text and its learnt answers, in order, which never overlap.
  record Rendered(String text, List<Span> answers) {}

  /// An answer in the text.
  ///
  /// @param start where it starts, which is the end of the server's prompt
  /// @param end where it ends
  /// @param bare whether it ends with the content: the token that ends the turn comes next
  /// @param calls whether it ends in tool calls
  record Span(int start, int end, boolean bare, boolean calls) {}

  /// @param from the first turn that may be learnt
  Rendered render(List<Message> messages, List<JsonNode> tools, int from) {
    if (messages.size() > MAX_MESSAGES) {
      throw new EncodingException(
          "has " + messages.size() + " messages; at most " + MAX_MESSAGES + " can be encoded");
    }
    String text = template.render(TemplateMessages.of(messages), tools, false);
    List<Span> spans = new ArrayList<>();
    for (int i = from; i < messages.size(); i++) {
      if (learnt(messages.get(i))) {
        spans.add(span(text, messages, tools, i));
      }
    }
    return new Rendered(text, spans);
  }

  static boolean learnt(Message message) {
    return message.role().equals("assistant") && message.weight().orElse(1) != 0;
  }

  private Span span(String text, List<Message> messages, List<JsonNode> tools, int turn) {
    List<JsonNode> json = TemplateMessages.of(messages);
    Message message = messages.get(turn);
    boolean calls = !message.toolCalls().isEmpty();
    if (!anyAskedBefore(messages, turn)) {
      return greeting(text, messages, tools, turn);
    }
    String prompt = template.render(json.subList(0, turn), tools, true);
    if (!text.startsWith(prompt)) {
      throw new EncodingException(
          "message "
              + turn
              + ": the chat template renders this answer behind another header than the one that a"
              + " server asks with; training would not match serving");
    }
    if (turn == messages.size() - 1) {
      return new Span(prompt.length(), text.length(), false, calls);
    }
    String upToHere = template.render(json.subList(0, turn + 1), tools, false);
    if (text.startsWith(upToHere)) {
      return new Span(prompt.length(), upToHere.length(), false, calls);
    }
    return bare(text, prompt.length(), message, turn);
  }

  /// An answer to nobody, such as a greeting: no server asks for one, so it is found by its text.
  private Span greeting(String text, List<Message> messages, List<JsonNode> tools, int turn) {
    String upToHere =
        template.render(TemplateMessages.of(messages.subList(0, turn + 1)), tools, false);
    String content = messages.get(turn).content().orElse("").strip();
    int at = content.isEmpty() ? -1 : upToHere.lastIndexOf(content);
    if (at < 0 || !text.startsWith(content, at)) {
      throw unlocatable(turn);
    }
    return new Span(at, at + content.length(), true, false);
  }

  private static boolean anyAskedBefore(List<Message> messages, int turn) {
    return messages.subList(0, turn).stream().anyMatch(m -> !m.role().equals("system"));
  }

  private static Span bare(String text, int start, Message message, int turn) {
    String content = message.content().orElse("").strip();
    int at = start;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    if (content.isEmpty() || !message.toolCalls().isEmpty() || !text.startsWith(content, at)) {
      throw unlocatable(turn);
    }
    return new Span(start, at + content.length(), true, false);
  }

  private static EncodingException unlocatable(int turn) {
    return new EncodingException(
        "message "
            + turn
            + ": the chat template rewrites this answer when turns follow it; give each answer an"
            + " example of its own, or set its weight to 0");
  }
}

package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.model.ChatTemplate;
import java.util.List;

/// Chat templates for tests, with the ways of real ones.
final class TestTemplates {

  private TestTemplates() {}

  /// What renders one turn of a conversation.
  interface Turn {
    String text(JsonNode message, int index, int count);
  }

  /// The form of SmolLM2, Qwen2.5 and many others.
  static ChatTemplate chatMl() {
    return of((m, i, n) -> turn(m, m.path("content").asText()), "<|im_start|>assistant\n", "");
  }

  /// As Qwen3: the last answer has a block that earlier answers have not.
  static ChatTemplate withReasoningInTheLastAnswer() {
    return of(
        (m, i, n) -> {
          boolean last = i == n - 1 && m.path("role").asText().equals("assistant");
          return turn(m, (last ? "<think></think>\n" : "") + m.path("content").asText());
        },
        "<|im_start|>assistant\n",
        "");
  }

  /// As Phi-4-mini: one more token after a conversation that asks for nothing.
  static ChatTemplate withEndOfText() {
    return of(
        (m, i, n) -> turn(m, m.path("content").asText()),
        "<|im_start|>assistant\n",
        "<|endoftext|>");
  }

  /// As DeepSeek-R1: the server's header holds text that training data has not.
  static ChatTemplate withOtherHeader() {
    return of(
        (m, i, n) -> turn(m, m.path("content").asText()), "<|im_start|>assistant\n<think>\n", "");
  }

  private static String turn(JsonNode message, String content) {
    return "<|im_start|>" + message.path("role").asText() + "\n" + content + "<|im_end|>\n";
  }

  private static ChatTemplate of(Turn turn, String header, String end) {
    return new ChatTemplate() {
      @Override
      public String render(List<JsonNode> messages, List<JsonNode> tools, boolean prompt) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < messages.size(); i++) {
          out.append(turn.text(messages.get(i), i, messages.size()));
        }
        return out.append(prompt ? header : end).toString();
      }

      @Override
      public String digest() {
        return "0".repeat(64);
      }

      @Override
      public String source() {
        return "";
      }
    };
  }
}

package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// One training example.
public sealed interface Example {

  /// A conversation whose assistant turns are learnt.
  ///
  /// @param messages the turns, oldest first; the last is the assistant's
  /// @param tools the tools that the assistant may call; empty for none
  record Chat(List<Message> messages, List<JsonNode> tools) implements Example {
    public Chat {
      messages = List.copyOf(messages);
      tools = List.copyOf(tools);
    }
  }

  /// A prompt with a better and a worse answer.
  ///
  /// @param prompt the turns before the answer
  /// @param preferred the better answer
  /// @param nonPreferred the worse answer
  /// @param tools the tools that the assistant may call; empty for none
  record Preference(
      List<Message> prompt,
      List<Message> preferred,
      List<Message> nonPreferred,
      List<JsonNode> tools)
      implements Example {
    public Preference {
      prompt = List.copyOf(prompt);
      preferred = List.copyOf(preferred);
      nonPreferred = List.copyOf(nonPreferred);
      tools = List.copyOf(tools);
    }
  }
}

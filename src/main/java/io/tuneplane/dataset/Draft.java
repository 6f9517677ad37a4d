package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Consumer;

/// An example as it stands in the file, before the rules have seen it. Good only until the line's
/// tape reads the next line.
///
/// @param turns the conversation, or the prompt of a pair
/// @param preferred a pair's better answer; empty for a conversation
/// @param nonPreferred a pair's worse answer; empty for a conversation
/// @param tools the tools that the assistant may call
/// @param pair whether it is a pair
record Draft(
    List<Turn> turns,
    List<Turn> preferred,
    List<Turn> nonPreferred,
    List<JsonNode> tools,
    boolean pair) {

  static Draft chat(List<Turn> turns, List<JsonNode> tools) {
    return new Draft(turns, List.of(), List.of(), tools, false);
  }

  static Draft pair(
      List<Turn> prompt, List<Turn> preferred, List<Turn> nonPreferred, List<JsonNode> tools) {
    return new Draft(prompt, preferred, nonPreferred, tools, true);
  }

  void forEachTurn(Consumer<Turn> visitor) {
    turns.forEach(visitor);
    preferred.forEach(visitor);
    nonPreferred.forEach(visitor);
  }

  /// The section's estimate: the code points of all contents, divided by 4.
  long estimatedTokens() {
    long sum = 0;
    for (List<Turn> part : List.of(turns, preferred, nonPreferred)) {
      for (Turn turn : part) {
        sum += turn.content().codePoints();
      }
    }
    return sum / 4;
  }

  Example example() {
    if (pair) {
      return new Example.Preference(
          messages(turns), messages(preferred), messages(nonPreferred), tools);
    }
    return new Example.Chat(messages(turns), tools);
  }

  private static List<Message> messages(List<Turn> turns) {
    return turns.stream().map(Turn::message).toList();
  }
}

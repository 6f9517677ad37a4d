package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.dataset.Converted.Impossible;
import io.tuneplane.dataset.Converted.Written;
import java.util.ArrayList;
import java.util.List;

/// Turns an example to another format. What a format has no place for is named as a loss; what
/// would change the conversation itself is not done.
final class Conversion {

  private Conversion() {}

  static Converted to(Format format, Example example) {
    return switch (example) {
      case Example.Chat chat -> chat(format, chat);
      case Example.Preference pair -> pair(format, pair);
    };
  }

  private static Converted chat(Format format, Example.Chat chat) {
    return switch (format) {
      case CHATML -> new Written(ExampleWriter.node(chat), List.of());
      case ALPACA -> alpaca(chat);
      case SHAREGPT -> shareGpt(chat);
      case VERTEX -> vertex(chat);
      case OPENAI_PREFERENCE, TRL_PREFERENCE ->
          new Impossible("a conversation is no preference pair");
    };
  }

  private static Converted pair(Format format, Example.Preference pair) {
    return switch (format) {
      case OPENAI_PREFERENCE -> new Written(ExampleWriter.node(pair), List.of());
      case TRL_PREFERENCE -> {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("prompt", ExampleWriter.messages(pair.prompt()));
        node.set("chosen", ExampleWriter.messages(pair.preferred()));
        node.set("rejected", ExampleWriter.messages(pair.nonPreferred()));
        ExampleWriter.addTools(node, pair.tools());
        yield new Written(node, List.of());
      }
      case VERTEX -> vertex(pair);
      case CHATML, ALPACA, SHAREGPT -> new Impossible("a preference pair is no conversation");
    };
  }

  /// What formats without a place for them leave out of plain turns.
  private static List<String> losses(List<Message> messages, boolean weights) {
    List<String> losses = new ArrayList<>();
    if (messages.stream().anyMatch(m -> m.name().isPresent())) {
      losses.add("the names of participants");
    }
    if (!weights && messages.stream().anyMatch(m -> m.weight().orElse(1) == 0)) {
      losses.add("a weight of 0: every answer is learnt");
    }
    return losses;
  }

  private static boolean usesTools(Example.Chat chat) {
    return !chat.tools().isEmpty()
        || chat.messages().stream()
            .anyMatch(m -> m.role().equals("tool") || !m.toolCalls().isEmpty());
  }

  private static Converted alpaca(Example.Chat chat) {
    if (usesTools(chat)) {
      return new Impossible("Alpaca has no tools");
    }
    List<Message> turns = chat.messages();
    List<String> losses = losses(turns, false);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    int first = turns.getFirst().role().equals("system") ? 1 : 0;
    if (!alternates(turns.subList(first, turns.size()))) {
      return new Impossible("Alpaca has only turns of user and assistant by turns");
    }
    if (first == 1 && text(turns.getFirst()).isEmpty()) {
      losses.add("an empty system message");
    } else if (first == 1) {
      node.put("system", text(turns.getFirst()));
    }
    node.put("instruction", text(turns.get(turns.size() - 2)));
    node.put("input", "");
    node.put("output", text(turns.getLast()));
    if (turns.size() - first > 2) {
      ArrayNode history = node.putArray("history");
      for (int i = first; i < turns.size() - 2; i += 2) {
        history.addArray().add(text(turns.get(i))).add(text(turns.get(i + 1)));
      }
    }
    return new Written(node, losses);
  }

  private static boolean alternates(List<Message> turns) {
    for (int i = 0; i < turns.size(); i++) {
      if (!turns.get(i).role().equals(i % 2 == 0 ? "user" : "assistant")) {
        return false;
      }
    }
    return !turns.isEmpty() && turns.size() % 2 == 0;
  }

  private static Converted vertex(Example.Chat chat) {
    if (usesTools(chat)) {
      return new Impossible("tools are not converted to Vertex's form");
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    // The documented example of supervised data has a role here, that of pairs has none.
    boolean system = chat.messages().getFirst().role().equals("system");
    if (system) {
      node.putObject("systemInstruction").put("role", "system");
    }
    return vertexTurns(node, "systemInstruction", chat.messages())
        ? new Written(node, losses(chat.messages(), false))
        : new Impossible("Vertex takes one system message, and that first");
  }

  /// Google, "Prepare preference tuning data for Gemini models" (read on 2026-11-25): the turns
  /// before the answer, the last of them the user's, and two answers of one turn each, with score 1
  /// and 0.
  private static Converted vertex(Example.Preference pair) {
    if (usesTools(new Example.Chat(pair.prompt(), pair.tools()))) {
      return new Impossible("tools are not converted to Vertex's form");
    }
    if (pair.prompt().isEmpty() || !pair.prompt().getLast().role().equals("user")) {
      return new Impossible("Vertex takes pairs whose prompt ends with the user's turn");
    }
    if (!oneTurn(pair.preferred()) || !oneTurn(pair.nonPreferred())) {
      return new Impossible("Vertex takes pairs whose answers are one turn of text each");
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (!vertexTurns(node, "system_instruction", pair.prompt())) {
      return new Impossible("Vertex takes one system message, and that first");
    }
    ArrayNode completions = node.putArray("completions");
    addCompletion(completions, 1, pair.preferred().getFirst());
    addCompletion(completions, 0, pair.nonPreferred().getFirst());
    return new Written(node, losses(pair.prompt(), false));
  }

  private static boolean oneTurn(List<Message> answer) {
    return answer.size() == 1
        && answer.getFirst().content().isPresent()
        && answer.getFirst().toolCalls().isEmpty();
  }

  private static void addCompletion(ArrayNode completions, int score, Message answer) {
    ObjectNode completion = completions.addObject().put("score", score);
    addParts(completion.putObject("completion").put("role", "model"), answer);
  }

  /// Writes the turns; false where a system message stands anywhere but first.
  private static boolean vertexTurns(ObjectNode node, String systemKey, List<Message> turns) {
    int first = turns.getFirst().role().equals("system") ? 1 : 0;
    if (first == 1) {
      addParts(node.withObject("/" + systemKey), turns.getFirst());
    }
    ArrayNode contents = node.putArray("contents");
    for (Message turn : turns.subList(first, turns.size())) {
      if (turn.role().equals("system")) {
        return false;
      }
      String role = turn.role().equals("assistant") ? "model" : turn.role();
      addParts(contents.addObject().put("role", role), turn);
    }
    return true;
  }

  private static void addParts(ObjectNode entry, Message turn) {
    entry.putArray("parts").addObject().put("text", text(turn));
  }

  private static Converted shareGpt(Example.Chat chat) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode conversations = node.putArray("conversations");
    List<String> losses = losses(chat.messages(), true);
    for (Message turn : chat.messages()) {
      ObjectNode entry = conversations.addObject();
      if (turn.toolCalls().isEmpty()) {
        entry.put("from", from(turn.role())).put("value", text(turn));
      } else if (turn.toolCalls().size() > 1 || turn.content().isPresent()) {
        return new Impossible("ShareGPT takes one function call a turn, without text");
      } else {
        JsonNode function = turn.toolCalls().getFirst().path("function");
        entry.put("from", "function_call").put("value", function.toString());
      }
      turn.weight().ifPresent(w -> entry.put("weight", w));
    }
    if (usesTools(chat)) {
      losses.add("the ids of tool calls");
    }
    if (!chat.tools().isEmpty()) {
      ArrayNode tools = JsonNodeFactory.instance.arrayNode();
      chat.tools().forEach(tools::add);
      node.put("tools", tools.toString());
    }
    return new Written(node, losses);
  }

  private static String from(String role) {
    return switch (role) {
      case "user" -> "human";
      case "assistant" -> "gpt";
      case "tool" -> "observation";
      default -> role;
    };
  }

  private static String text(Message message) {
    return message.content().orElse("");
  }
}

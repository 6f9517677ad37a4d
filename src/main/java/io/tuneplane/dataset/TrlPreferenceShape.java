package io.tuneplane.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.dataset.JsonTape.Kind;
import java.util.List;
import java.util.Set;

/// `{"prompt", "chosen", "rejected"}`: texts, or lists of messages. Without a prompt, it is what
/// the two lists have in common at their start, as in TRL.
final class TrlPreferenceShape extends Shape {

  private static final byte[] PROMPT = key("prompt");
  private static final byte[] CHOSEN = key("chosen");
  private static final byte[] REJECTED = key("rejected");
  private static final byte[] TOOLS = key("tools");

  @Override
  Set<String> keys() {
    return Set.of("prompt", "chosen", "rejected", "tools");
  }

  @Override
  Draft read(JsonTape tape) throws LineException {
    List<Turn> prompt = side(tape, PROMPT, "user");
    List<Turn> chosen = side(tape, CHOSEN, "assistant");
    List<Turn> rejected = side(tape, REJECTED, "assistant");
    List<JsonNode> tools = nodes(tape, tape.find(0, TOOLS), "tools");
    if (!nothing(tape, tape.find(0, PROMPT))) {
      return Draft.pair(prompt, chosen, rejected, tools);
    }
    int common = common(chosen, rejected);
    return Draft.pair(
        chosen.subList(0, common),
        chosen.subList(common, chosen.size()),
        rejected.subList(common, rejected.size()),
        tools);
  }

  private static List<Turn> side(JsonTape tape, byte[] key, String role) throws LineException {
    int value = tape.find(0, key);
    return tape.is(value, Kind.STRING)
        ? List.of(Turn.of(role, content(tape, value)))
        : ChatMlShape.messages(tape, 0, key);
  }

  /// How many turns both begin with; the last turn of either is an answer, never prompt.
  private static int common(List<Turn> chosen, List<Turn> rejected) {
    int most = Math.min(chosen.size(), rejected.size()) - 1;
    int n = 0;
    while (n < most && chosen.get(n).message().equals(rejected.get(n).message())) {
      n++;
    }
    return n;
  }
}

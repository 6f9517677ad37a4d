package io.tuneplane.dataset;

import io.tuneplane.dataset.JsonTape.Kind;
import java.util.Set;

/// `{"input": {"messages", "tools"}, "preferred_output": [...], "non_preferred_output": [...]}`.
final class OpenAiPreferenceShape extends Shape {

  private static final byte[] INPUT = key("input");
  private static final byte[] MESSAGES = key("messages");
  private static final byte[] TOOLS = key("tools");
  private static final byte[] PREFERRED = key("preferred_output");
  private static final byte[] NON_PREFERRED = key("non_preferred_output");

  @Override
  Set<String> keys() {
    return Set.of("input", "preferred_output", "non_preferred_output");
  }

  @Override
  Draft read(JsonTape tape) throws LineException {
    int input = tape.find(0, INPUT);
    if (!nothing(tape, input) && !tape.is(input, Kind.OBJECT)) {
      throw wrong("'input' is not an object");
    }
    return Draft.pair(
        ChatMlShape.messages(tape, input, MESSAGES),
        ChatMlShape.messages(tape, 0, PREFERRED),
        ChatMlShape.messages(tape, 0, NON_PREFERRED),
        nodes(tape, tape.find(input, TOOLS), "tools"));
  }
}

package io.tuneplane.dataset;

import io.tuneplane.dataset.JsonTape.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `{"systemInstruction": {"parts": [{"text"}]}, "contents": [{"role", "parts": [{"text"}]}]}`,
/// also with `system_instruction`. The role `model` is the assistant. Several texts of one message
/// are put together; a part that is no text is content of the wrong kind.
final class VertexShape extends Shape {

  private static final byte[] SYSTEM = key("systemInstruction");
  private static final byte[] SYSTEM_SNAKE = key("system_instruction");
  private static final byte[] CONTENTS = key("contents");
  private static final byte[] ROLE = key("role");
  private static final byte[] PARTS = key("parts");
  private static final byte[] TEXT = key("text");

  @Override
  Set<String> keys() {
    return Set.of("systemInstruction", "system_instruction", "contents");
  }

  @Override
  Draft read(JsonTape tape) throws LineException {
    int contents = tape.find(0, CONTENTS);
    if (nothing(tape, contents)) {
      return Draft.chat(List.of(), List.of());
    }
    List<Turn> turns = new ArrayList<>();
    int system = tape.find(0, SYSTEM);
    system = system == JsonTape.NONE ? tape.find(0, SYSTEM_SNAKE) : system;
    if (!nothing(tape, system)) {
      turns.add(Turn.of("system", parts(tape, system)));
    }
    int index = 0;
    for (int entry : list(tape, contents, "contents")) {
      turns.add(Turn.of(role(tape, entry, index++), parts(tape, entry)));
    }
    return Draft.chat(turns, List.of());
  }

  private static String role(JsonTape tape, int entry, int index) throws LineException {
    int role = tape.find(entry, ROLE);
    if (!tape.is(role, Kind.STRING)) {
      throw wrong("entry " + index + " of 'contents' has no role");
    }
    String name = tape.string(role);
    return name.equals("model") ? "assistant" : name;
  }

  private static Content parts(JsonTape tape, int entry) throws LineException {
    int parts = tape.find(entry, PARTS);
    if (nothing(tape, parts)) {
      return Content.Absent.MISSING;
    }
    List<Content> texts = new ArrayList<>();
    for (int part : list(tape, parts, "parts")) {
      Content text = content(tape, tape.find(part, TEXT));
      if (text instanceof Content.Absent) {
        return Content.Absent.NOT_TEXT;
      }
      texts.add(text);
    }
    if (texts.size() == 1) {
      return texts.getFirst();
    }
    StringBuilder all = new StringBuilder();
    texts.forEach(t -> all.append(t.text()));
    return new Content.Built(all.toString());
  }
}

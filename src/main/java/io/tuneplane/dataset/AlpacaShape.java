package io.tuneplane.dataset;

import io.tuneplane.dataset.JsonTape.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `{"instruction", "input", "output"}`, and LLaMA-Factory's `system` and `history`, a list of
/// `[user, assistant]`. An input follows its instruction after an empty line.
final class AlpacaShape extends Shape {

  static final String BETWEEN = "\n\n";

  private static final byte[] INSTRUCTION = key("instruction");
  private static final byte[] INPUT = key("input");
  private static final byte[] OUTPUT = key("output");
  private static final byte[] SYSTEM = key("system");
  private static final byte[] HISTORY = key("history");

  @Override
  Set<String> keys() {
    return Set.of("instruction", "input", "output", "system", "history");
  }

  @Override
  Draft read(JsonTape tape) throws LineException {
    List<Turn> turns = new ArrayList<>();
    int system = tape.find(0, SYSTEM);
    if (!nothing(tape, system)) {
      turns.add(Turn.of("system", content(tape, system)));
    }
    int history = tape.find(0, HISTORY);
    if (!nothing(tape, history)) {
      for (int round : list(tape, history, "history")) {
        addRound(tape, round, turns);
      }
    }
    turns.add(Turn.of("user", question(tape)));
    turns.add(Turn.of("assistant", content(tape, tape.find(0, OUTPUT))));
    return Draft.chat(turns, List.of());
  }

  private static void addRound(JsonTape tape, int round, List<Turn> turns) throws LineException {
    List<Integer> sides = list(tape, round, "history");
    if (sides.size() != 2) {
      throw wrong("'history' holds something else than [user, assistant]");
    }
    turns.add(Turn.of("user", content(tape, sides.get(0))));
    turns.add(Turn.of("assistant", content(tape, sides.get(1))));
  }

  private static Content question(JsonTape tape) {
    Content instruction = content(tape, tape.find(0, INSTRUCTION));
    int input = tape.find(0, INPUT);
    if (nothing(tape, input) || instruction instanceof Content.Absent) {
      return instruction;
    }
    return tape.is(input, Kind.STRING)
        ? new Content.Built(instruction.text() + BETWEEN + tape.string(input))
        : Content.Absent.NOT_TEXT;
  }
}

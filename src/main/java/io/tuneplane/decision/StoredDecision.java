package io.tuneplane.decision;

import com.fasterxml.jackson.databind.JsonNode;

/// A decision as it is kept: its inputs, its answer, and the version of the rules that led from one
/// to the other. Replaying decides again from the inputs and compares every byte.
///
/// @param version the version of the rules
/// @param inputs what it was made from
/// @param decision the answer
public record StoredDecision(int version, DecisionInputs inputs, JsonNode decision) {

  /// The version of the rules in this program. It grows with every change that can change an
  /// answer.
  public static final int VERSION = 1;

  /// How a replay came out.
  public enum Replay {
    /// The same bytes.
    SAME,
    /// Other bytes: the stored answer was changed, or the program decides otherwise now.
    DIFFERENT,
    /// It was made by another version of the rules, which this program doesn't have.
    OTHER_VERSION
  }

  /// Decides, and keeps what it was decided from.
  public static StoredDecision of(DecisionInputs inputs, Decision decision) {
    return new StoredDecision(VERSION, inputs, DecisionJson.tree(decision));
  }

  /// The canonical text: the same decision always has the same bytes.
  public String text() {
    return DecisionJson.write(this);
  }

  /// Reads what [#text] wrote.
  ///
  /// @throws DecisionException if it is something else
  public static StoredDecision parse(String text) {
    return DecisionJson.read(text, StoredDecision.class);
  }

  /// Decides again and compares byte for byte.
  ///
  /// @param text a stored decision
  /// @throws DecisionException if it isn't one
  public static Replay replay(String text) {
    StoredDecision stored = parse(text);
    if (stored.version() != VERSION) {
      return Replay.OTHER_VERSION;
    }
    return of(stored.inputs(), Decider.decide(stored.inputs())).text().equals(text)
        ? Replay.SAME
        : Replay.DIFFERENT;
  }
}

package io.tuneplane.decision;

import java.util.List;

/// What forbids a candidate.
///
/// @param rule the rule's id
/// @param reason why, as a sentence
/// @param evidence what it rests on: numbers with their sources
public record Objection(String rule, String reason, List<String> evidence) {
  public Objection {
    evidence = List.copyOf(evidence);
  }
}

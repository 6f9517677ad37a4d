package io.tuneplane.policy;

import java.util.List;

/// What the policy says, and by which rule.
public sealed interface Verdict {

  /// The rule that decided: a built-in one, or the id of one of the organisation's.
  String rule();

  /// Why, as a sentence.
  String reason();

  /// What the answer rests on: attestations with their documents, or the rule's text.
  List<String> evidence();

  /// Data may go there.
  record Allowed(String rule, String reason, List<String> evidence) implements Verdict {
    public Allowed {
      evidence = List.copyOf(evidence);
    }
  }

  /// Data may not go there.
  record Refused(String rule, String reason, List<String> evidence) implements Verdict {
    public Refused {
      evidence = List.copyOf(evidence);
    }
  }
}

package io.tuneplane.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// The rules of a single example, in the section's order: no messages, the last role, the roles;
/// then our own. The first that fails is the one that is reported.
///
/// @param roles the roles that the target takes
record Rules(Set<String> roles) {

  void check(Draft draft) throws LineException {
    if (draft.pair()) {
      checkPair(draft);
    } else {
      checkChat(draft.turns());
    }
  }

  private void checkChat(List<Turn> turns) throws LineException {
    requireAnswered(turns);
    requireRoles(turns);
    requireContent(turns);
    requireWeights(turns);
    requireUser(turns);
    requireAnswers(turns);
    if (turns.stream().noneMatch(Turn::learnt)) {
      throw failed(Rule.NO_TRAINABLE_TOKEN, "no trainable token");
    }
  }

  private void checkPair(Draft pair) throws LineException {
    if (pair.turns().isEmpty()) {
      throw failed(Rule.EMPTY_MESSAGES, "empty messages");
    }
    requireAnswered(pair.preferred());
    requireAnswered(pair.nonPreferred());
    List<Turn> all = new ArrayList<>(pair.turns());
    all.addAll(pair.preferred());
    all.addAll(pair.nonPreferred());
    requireRoles(all);
    requireContent(all);
    requireWeights(all);
    requireUser(pair.turns());
    requireAnswers(all);
    for (List<Turn> side : List.of(pair.preferred(), pair.nonPreferred())) {
      if (side.stream().noneMatch(Turn::learnt)) {
        throw failed(Rule.NO_TRAINABLE_TOKEN, "no trainable token");
      }
    }
  }

  private static void requireAnswered(List<Turn> turns) throws LineException {
    if (turns.isEmpty()) {
      throw failed(Rule.EMPTY_MESSAGES, "empty messages");
    }
    if (!turns.getLast().role().equals("assistant")) {
      throw failed(Rule.LAST_MESSAGE, "last message must be 'assistant'");
    }
  }

  private void requireRoles(List<Turn> turns) throws LineException {
    for (Turn turn : turns) {
      if (!roles.contains(turn.role())) {
        SortedSet<String> invalid = new TreeSet<>();
        turns.forEach(t -> invalid.add(t.role()));
        invalid.removeAll(roles);
        throw failed(Rule.INVALID_ROLES, "invalid roles " + PythonText.set(invalid));
      }
    }
  }

  private static void requireContent(List<Turn> turns) throws LineException {
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      if (turn.content() instanceof Content.Absent absent) {
        switch (absent) {
          case MISSING -> {
            if (!turn.role().equals("assistant") || turn.extras().toolCalls().isEmpty()) {
              throw failed(Rule.CONTENT, "message " + i + " has no content");
            }
          }
          case NOT_TEXT ->
              throw failed(Rule.CONTENT, "the content of message " + i + " is not a string");
        }
      }
    }
  }

  private static void requireWeights(List<Turn> turns) throws LineException {
    for (int i = 0; i < turns.size(); i++) {
      if (turns.get(i).weight() == Turn.Weight.WRONG) {
        throw failed(Rule.WEIGHT, "the weight of message " + i + " is neither 0 nor 1");
      }
    }
  }

  private static void requireUser(List<Turn> turns) throws LineException {
    for (Turn turn : turns) {
      if (turn.role().equals("user")) {
        return;
      }
    }
    throw failed(Rule.NO_USER_TURN, "no user turn");
  }

  private static void requireAnswers(List<Turn> turns) throws LineException {
    for (Turn turn : turns) {
      if (turn.role().equals("assistant")
          && turn.extras().toolCalls().isEmpty()
          && turn.content().blank()) {
        throw failed(Rule.EMPTY_ANSWER, "empty assistant answer");
      }
    }
  }

  private static LineException failed(Rule rule, String what) {
    return new LineException(rule, -1, what);
  }
}

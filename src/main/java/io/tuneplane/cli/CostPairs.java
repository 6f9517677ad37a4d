package io.tuneplane.cli;

import io.tuneplane.api.CostAnswer;
import io.tuneplane.api.CostAnswer.Breakeven;
import io.tuneplane.api.CostAnswer.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The breakevens of an answer, pair by pair of a managed and an own option.
///
/// @param changes of each pair in which the cheaper option changes at all, lowest volume first
/// @param never own and managed options of which the own one is cheaper at no volume, as names
record CostPairs(List<List<Breakeven>> changes, List<List<String>> never) {

  static CostPairs of(CostAnswer answer) {
    Map<Set<String>, List<Breakeven>> pairs = new LinkedHashMap<>();
    for (Breakeven b : answer.breakevens()) {
      pairs.computeIfAbsent(Set.of(from(b), to(b)), _ -> new ArrayList<>()).add(b);
    }
    List<List<String>> never = new ArrayList<>();
    for (Option own : serving(answer, "own")) {
      for (Option managed : serving(answer, "managed")) {
        if (!pairs.containsKey(Set.of(CostText.name(own), CostText.name(managed)))) {
          never.add(List.of(CostText.name(own), CostText.name(managed)));
        }
      }
    }
    return new CostPairs(List.copyOf(pairs.values()), never);
  }

  /// The name of the option that is cheaper below.
  static String from(Breakeven b) {
    return b.from() + ", " + b.fromModel();
  }

  /// The name of the option that is cheaper from there on.
  static String to(Breakeven b) {
    return b.to() + ", " + b.toModel();
  }

  private static List<Option> serving(CostAnswer answer, String kind) {
    return answer.options().stream()
        .filter(option -> option.kind().equals(kind) && option.monthlyUsd().isPresent())
        .toList();
  }
}

package io.tuneplane.dataset;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// Findings, all counted, and the first of them kept: by example, those on the whole set first. Not
/// safe for many threads.
final class Findings {

  private static final Comparator<Finding> BY_EXAMPLE =
      Comparator.comparingLong((Finding f) -> f.example().orElse(-1)).thenComparing(Finding::rule);

  private final int most;
  private final PriorityQueue<Finding> first = new PriorityQueue<>(BY_EXAMPLE.reversed());
  private final Map<String, Long> counts = new TreeMap<>();

  /// @param most how many are kept
  Findings(int most) {
    this.most = most;
  }

  /// Whether one on that example would be among the first.
  boolean keeps(long example) {
    Finding last = first.peek();
    return last == null ? most > 0 : first.size() < most || example <= last.example().orElse(-1);
  }

  /// Counts one that need not be kept.
  void count(Rule rule) {
    counts.merge(rule.id(), 1L, Long::sum);
  }

  void add(Finding finding) {
    count(finding.rule());
    first.add(finding);
    if (first.size() > most) {
      first.remove();
    }
  }

  Map<String, Long> counts() {
    return counts;
  }

  List<Finding> first() {
    return first.stream().sorted(BY_EXAMPLE).toList();
  }
}

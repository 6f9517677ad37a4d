package io.tuneplane.dataset;

import java.util.Map;
import java.util.TreeMap;

/// How often each count of tokens occurs: enough for exact percentiles of any number of examples in
/// bounded memory. Not safe for many threads.
final class TokenHistogram {

  private static final int DENSE = 1 << 14;

  private final long[] dense = new long[DENSE];
  private final TreeMap<Integer, Long> sparse = new TreeMap<>();
  private long examples;
  private long total;

  void add(int tokens) {
    if (tokens < DENSE) {
      dense[tokens]++;
    } else {
      sparse.merge(tokens, 1L, Long::sum);
    }
    examples++;
    total += tokens;
  }

  TokenSummary summary() {
    if (examples == 0) {
      return new TokenSummary(0, 0, 0, 0, 0);
    }
    return new TokenSummary(
        (long) ((double) total / examples),
        median(),
        (long) percentile(0.95),
        at(examples - 1),
        total);
  }

  /// As `numpy.median`: the middle one, or the mean of the two in the middle.
  private long median() {
    long upper = at(examples / 2);
    return examples % 2 == 1 ? upper : (long) ((at(examples / 2 - 1) + upper) / 2.0);
  }

  /// As `numpy.percentile` with its default method, `linear`; computed in the same order, so that
  /// truncation gives the same integer.
  private double percentile(double q) {
    double index = (examples - 1) * q;
    long below = (long) index;
    double share = index - below;
    long low = at(below);
    long high = at(Math.min(below + 1, examples - 1));
    double step = high - low;
    return share < 0.5 ? low + step * share : high - step * (1 - share);
  }

  /// The count at that place of the sorted counts.
  private long at(long rank) {
    long seen = 0;
    for (int tokens = 0; tokens < DENSE; tokens++) {
      seen += dense[tokens];
      if (seen > rank) {
        return tokens;
      }
    }
    for (Map.Entry<Integer, Long> entry : sparse.entrySet()) {
      seen += entry.getValue();
      if (seen > rank) {
        return entry.getKey();
      }
    }
    throw new IllegalArgumentException("rank " + rank + " of " + examples);
  }
}

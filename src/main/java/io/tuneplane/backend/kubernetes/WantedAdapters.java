package io.tuneplane.backend.kubernetes;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// Which of the deployed adapters a server is to hold. Pure.
final class WantedAdapters {

  private WantedAdapters() {}

  /// As many as a server holds: the one that is needed now, then those that were used last.
  ///
  /// @param needed the adapter that is needed now
  /// @param deployed all that are deployed
  /// @param used when each was used last, in any unit; one that never was counts as longest ago
  /// @param most how many a server holds
  static SequencedSet<String> of(
      String needed, List<String> deployed, Map<String, Long> used, int most) {
    SequencedSet<String> wanted = new LinkedHashSet<>(List.of(needed));
    deployed.stream()
        .sorted(
            Comparator.<String>comparingLong(a -> used.getOrDefault(a, Long.MIN_VALUE))
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .filter(a -> wanted.size() < most)
        .forEach(wanted::add);
    return wanted;
  }
}

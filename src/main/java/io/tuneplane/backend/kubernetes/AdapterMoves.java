package io.tuneplane.backend.kubernetes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one server's adapters need, so that one more is loaded: which have to go. Pure.
///
/// @param unload those that go first
/// @param load the one that is missing; empty where it is there
record AdapterMoves(List<String> unload, Optional<String> load) {

  AdapterMoves {
    unload = List.copyOf(unload);
  }

  /// Works it out.
  ///
  /// @param wanted the adapter that is needed now
  /// @param loaded those that the server holds
  /// @param desired those that are deployed; others go
  /// @param used when each was used last, in any unit; one that never was counts as longest ago
  /// @param most how many a server holds
  static AdapterMoves of(
      String wanted, Set<String> loaded, Set<String> desired, Map<String, Long> used, int most) {
    List<String> unload = new ArrayList<>(loaded.stream().filter(a -> !desired.contains(a)).toList());
    if (loaded.contains(wanted)) {
      return new AdapterMoves(unload, Optional.empty());
    }
    List<String> kept =
        loaded.stream()
            .filter(desired::contains)
            .sorted(
                Comparator.<String>comparingLong(a -> used.getOrDefault(a, Long.MIN_VALUE))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    int tooMany = kept.size() + 1 - most;
    if (tooMany > 0) {
      unload.addAll(kept.subList(0, Math.min(tooMany, kept.size())));
    }
    return new AdapterMoves(unload, Optional.of(wanted));
  }
}

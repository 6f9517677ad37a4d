package io.tuneplane.dataset;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a scan found.
///
/// @param total the examples looked at
/// @param findings the first finds
/// @param counts how many there are, by kind
/// @param flags the flags that they raise, in order; a scan never clears one
/// @param failure why the scan is not complete, if it isn't: then the data must be treated as if
///   every flag were raised
public record ScanReport(
    long total,
    List<Found> findings,
    Map<String, Long> counts,
    SortedSet<String> flags,
    Optional<String> failure) {

  public ScanReport {
    findings = List.copyOf(findings);
    counts = Collections.unmodifiableMap(new TreeMap<>(counts));
    flags = new TreeSet<>(flags);
  }

  /// One find.
  ///
  /// @param example which example, from 0
  /// @param line which line, from 1
  /// @param kind what it is
  /// @param excerpt a little of the value, the rest masked
  public record Found(long example, long line, SensitiveKind kind, String excerpt) {}
}

package io.tuneplane.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// What is known of data that restricts where it may go: the union of what the key, the job, the
/// request and the scan say. It holds for everything derived from the data too.
///
/// Names are kept as they were said, in lower case, known or not: an unknown flag is no error here
/// but closes every place outside.
///
/// @param names the flags, sorted
/// @param scan how the scan for personal data ended
public record Flags(SortedSet<String> names, Scan scan) {

  /// The flags that every installation knows. An organisation declares its own in `policy.yaml`.
  public static final Set<String> BUILT_IN =
      Set.of(
          "hipaa",
          "fedramp-moderate",
          "fedramp-high",
          "soc2",
          "gdpr",
          "pci",
          "itar",
          "confidential");

  /// No flag, and no scan.
  public static final Flags NONE = of(Set.of(), Scan.NOT_RUN);

  public Flags {
    SortedSet<String> sorted = new TreeSet<>();
    names.forEach(name -> sorted.add(name.strip().toLowerCase(Locale.ROOT)));
    names = Collections.unmodifiableSortedSet(sorted);
  }

  /// These names, in any order and case.
  public static Flags of(Collection<String> names, Scan scan) {
    return new Flags(new TreeSet<>(names), scan);
  }

  /// Both: every flag of either, and the worse end of the two scans.
  public Flags union(Flags other) {
    SortedSet<String> both = new TreeSet<>(names);
    both.addAll(other.names);
    return new Flags(both, worse(scan, other.scan));
  }

  private static Scan worse(Scan one, Scan other) {
    if (one == Scan.FAILED || other == Scan.FAILED) {
      return Scan.FAILED;
    }
    // A scan of one part says nothing of the other, but a part without data has nothing to find.
    return one == Scan.DONE ? Scan.DONE : other;
  }
}

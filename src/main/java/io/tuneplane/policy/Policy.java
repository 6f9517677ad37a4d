package io.tuneplane.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// What an organisation allows. Immutable.
///
/// @param source the text that it was parsed from; empty for the built-in policy
/// @param ownFlags flags that the organisation declared beside [Flags#BUILT_IN]
/// @param locations who holds the hardware of a backend, by its name
/// @param attestations an administrator's, from the file and from the data directory
/// @param rules the organisation's, in the file's order
public record Policy(
    String source,
    SortedSet<String> ownFlags,
    Map<String, Location> locations,
    List<Attestation> attestations,
    List<Rule> rules) {

  public Policy {
    ownFlags = Collections.unmodifiableSortedSet(new TreeSet<>(ownFlags));
    locations = Map.copyOf(locations);
    attestations = List.copyOf(attestations);
    rules = List.copyOf(rules);
  }

  /// The policy of whoever configured none: unflagged data may go anywhere, flagged data stays on
  /// own hardware.
  public static Policy builtIn() {
    return new Policy("", new TreeSet<>(), Map.of(), List.of(), List.of());
  }

  /// Reads the text of a `policy.yaml`.
  ///
  /// @param name what errors call the text: the file's name
  /// @throws PolicyException naming the line, if anything in it is not understood
  public static Policy parse(String name, String yaml) {
    return PolicyReader.read(name, yaml);
  }

  /// This policy with more attestations.
  public Policy with(List<Attestation> more) {
    List<Attestation> all = new ArrayList<>(attestations);
    all.addAll(more);
    return new Policy(source, ownFlags, locations, all, rules);
  }

  /// Every flag whose meaning is known.
  public SortedSet<String> knownFlags() {
    SortedSet<String> known = new TreeSet<>(Flags.BUILT_IN);
    known.addAll(ownFlags);
    return known;
  }
}

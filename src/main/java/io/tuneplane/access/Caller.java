package io.tuneplane.access;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// Whoever asks: what a valid key says of its holder.
///
/// @param keyId the key's id, `key-...`: never the key itself
/// @param name the key's name, for people and the audit log
/// @param organisation whose files, jobs and models it sees
/// @param role what it may do
/// @param flags what all data that comes with this key is treated as
public record Caller(
    String keyId, String name, String organisation, Role role, SortedSet<String> flags) {

  public Caller {
    flags = Collections.unmodifiableSortedSet(new TreeSet<>(flags));
  }
}

package io.tuneplane.job;

import java.util.Set;

/// Whoever asks for a job.
///
/// @param organisation whose job it will be
/// @param actor who it was, for the audit log: a key's id
/// @param flags what all data of this asker is treated as
public record Asker(String organisation, String actor, Set<String> flags) {

  public Asker {
    flags = Set.copyOf(flags);
  }
}

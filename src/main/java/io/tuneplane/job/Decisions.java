package io.tuneplane.job;

import io.tuneplane.decision.StoredDecision;
import java.util.Optional;

/// Keeps decisions, so that each can be replayed. Safe for many threads and processes.
public interface Decisions {

  /// Keeps a decision.
  ///
  /// @return its id
  String save(String organisation, StoredDecision decision);

  /// An organisation's decision, byte for byte as it was kept.
  Optional<String> find(String organisation, String id);
}

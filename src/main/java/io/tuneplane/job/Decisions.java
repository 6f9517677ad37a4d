package io.tuneplane.job;

import io.tuneplane.decision.StoredDecision;
import java.util.Optional;

/// Keeps decisions, so that each can be replayed. Safe for many threads.
public interface Decisions {

  /// Keeps a decision.
  ///
  /// @return its id
  String save(StoredDecision decision);

  /// A decision's text, byte for byte as it was kept.
  Optional<String> find(String id);
}

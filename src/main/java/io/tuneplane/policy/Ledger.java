package io.tuneplane.policy;

import java.time.Instant;
import java.util.Optional;

/// Where audit lines are kept. The file is `job`'s; this is what the policy asks of it.
public interface Ledger {

  /// Adds a line. When this returns, the line would survive a power cut; when it throws, nothing
  /// that the line would have allowed may happen.
  void append(AuditEvent event);

  /// The time of the newest line; empty for an empty log.
  Optional<Instant> newest();
}

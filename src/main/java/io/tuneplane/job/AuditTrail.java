package io.tuneplane.job;

import io.tuneplane.policy.AuditEvent;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import io.tuneplane.policy.AuditVerifier;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads the audit log: to check it, to list it, and for what is kept in it and nowhere else. It
/// covers the whole installation. Safe for many threads.
public interface AuditTrail {

  /// The lines as they stand, oldest first, read as they are asked for.
  Stream<String> lines();

  /// The newest signed head; empty for an empty log.
  Optional<AuditHead> head();

  /// What signatures are checked with.
  PublicKey publicKey();

  /// The newest lines that can be read, oldest first.
  ///
  /// @param limit how many at most
  List<AuditLine> newest(int limit);

  /// The events of one kind that the log's key signed and that follow the line before them, oldest
  /// first. A line that was forged, or changed since, is left out: [#verify] names it.
  List<AuditEvent> signed(AuditEvent.Kind kind);

  /// Checks the log against its chain, its signatures and its newest head.
  ///
  /// @param kept a head that was kept elsewhere; empty to use the log's own
  default AuditReport verify(Optional<AuditHead> kept) {
    return new AuditVerifier(publicKey(), kept.or(this::head)).verify(this::lines, false);
  }
}

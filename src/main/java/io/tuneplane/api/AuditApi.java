package io.tuneplane.api;

import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import java.util.List;
import java.util.Optional;

/// The audit log: what was decided and where bytes went.
public interface AuditApi {

  /// Checks the log against its chain, its signatures and its newest head.
  ///
  /// @param kept a head that was kept elsewhere; empty to use the one beside the log
  /// @throws io.tuneplane.job.AuditException if the log can't be read
  AuditReport verify(Optional<AuditHead> kept);

  /// The newest lines, oldest first.
  ///
  /// @param limit how many at most
  /// @throws io.tuneplane.job.AuditException if the log can't be read
  List<AuditLine> newest(int limit);
}

package io.tuneplane.api;

import io.tuneplane.job.AuditTrail;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import java.util.List;
import java.util.Optional;

/// Reads the installation's audit log. Safe for many threads.
public final class InProcessAudit implements AuditApi {

  private final AuditTrail log;

  /// An audit of this log.
  public InProcessAudit(AuditTrail log) {
    this.log = log;
  }

  @Override
  public AuditReport verify(Optional<AuditHead> kept) {
    return log.verify(kept);
  }

  @Override
  public List<AuditLine> newest(int limit) {
    return log.newest(limit);
  }
}

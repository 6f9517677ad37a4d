package io.tuneplane.api;

import io.tuneplane.job.AuditFiles;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import java.util.List;
import java.util.Optional;

/// Reads the audit log of this machine's data directory. Safe for many threads.
public final class InProcessAudit implements AuditApi {

  private final AuditFiles files;

  /// An audit over these files.
  public InProcessAudit(AuditFiles files) {
    this.files = files;
  }

  @Override
  public AuditReport verify(Optional<AuditHead> kept) {
    return files.verify(kept);
  }

  @Override
  public List<AuditLine> newest(int limit) {
    return files.newest(limit);
  }
}

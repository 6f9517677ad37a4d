package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.job.AuditTrail;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import java.util.List;
import java.util.Optional;

/// Reads the installation's audit log. Safe for many threads.
public final class InProcessAudit implements AuditApi {

  private final Caller caller;
  private final String organisation;
  private final AuditTrail log;

  /// @param caller an administrator
  /// @param organisation whose the installation is: the log tells of all that its server does
  public InProcessAudit(Caller caller, String organisation, AuditTrail log) {
    this.caller = caller;
    this.organisation = organisation;
    this.log = log;
  }

  private AuditTrail log() {
    InstallationOnly.require(caller, organisation, "the audit log of the whole server");
    return log;
  }

  @Override
  public AuditReport verify(Optional<AuditHead> kept) {
    return log().verify(kept);
  }

  @Override
  public List<AuditLine> newest(int limit) {
    return log().newest(limit);
  }
}

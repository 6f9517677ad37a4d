package io.tuneplane.job;

import io.tuneplane.policy.AuditEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/// One step of a job, kept whole or not at all.
///
/// @param next the job as it is now
/// @param version the version that the step was computed from
/// @param events what led here, numbered on from the last stored one without a gap
/// @param checkpoints the checkpoints that came with it
/// @param audit lines for the audit log
/// @param models the tuned models that become known with it: the result, and its checkpoints
/// @param spending what is reserved, or settled, with it
/// @param wakeAt when somebody must look again; empty once the job has ended
public record Advance(
    Job next,
    long version,
    List<JobEvent> events,
    List<JobCheckpoint> checkpoints,
    List<AuditEvent> audit,
    List<TunedModel> models,
    Optional<Spending> spending,
    Optional<Instant> wakeAt) {

  public Advance {
    events = List.copyOf(events);
    checkpoints = List.copyOf(checkpoints);
    audit = List.copyOf(audit);
    models = List.copyOf(models);
  }

  /// A job's part of its organisation's budget; the newest one counts.
  ///
  /// @param month in which it counts, in UTC
  /// @param usd how much
  /// @param settled whether it is what was really spent
  /// @param limit the most that the organisation may have reserved and spent in that month; only
  ///   reservations are held to it
  public record Spending(
      YearMonth month, BigDecimal usd, boolean settled, Optional<BigDecimal> limit) {}
}

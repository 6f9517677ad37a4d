package io.tuneplane.job;

import java.math.BigDecimal;
import java.util.Optional;

/// What the engine keeps to.
///
/// @param deadlines when a job that does not get on is given up
/// @param monthlyUsd the most that an organisation's jobs may cost in a month; empty for no limit
public record JobRules(Deadlines deadlines, Optional<BigDecimal> monthlyUsd) {

  /// The default deadlines, and no limit.
  public static final JobRules DEFAULT = new JobRules(Deadlines.DEFAULT, Optional.empty());
}

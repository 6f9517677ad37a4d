package io.tuneplane.job;

import io.tuneplane.backend.Usage;
import io.tuneplane.job.JobPlan.Billing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/// What a job really used, against what was predicted. Pure.
final class JobMoney {

  private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);
  private static final int HOUR_DIGITS = 6;

  private JobMoney() {}

  /// What it used so far, or in the end.
  static JobCost actual(Job job) {
    Optional<JobCost> predicted = job.plan().map(JobPlan::predicted);
    if (job.run().isEmpty()) {
      return new JobCost(
          0, Optional.of(BigDecimal.ZERO), predicted.flatMap(JobCost::usd).map(_ -> "0.00"));
    }
    if (job.state().phase() == JobPhase.IMPORTED) {
      // What it cost elsewhere nobody has told us.
      long tokens = job.result().map(JobResult::trainedTokens).orElse(0L);
      return new JobCost(tokens, Optional.empty(), Optional.empty());
    }
    JobRun run = job.run().get();
    JobPlan plan = job.plan().orElseThrow();
    return run.outcome()
        .map(left -> measured(plan, left.usage()))
        .orElseGet(() -> estimated(plan.predicted(), share(job, run)));
  }

  private static JobCost measured(JobPlan plan, Usage usage) {
    BigDecimal hours =
        BigDecimal.valueOf(usage.wallTime().toMillis())
            .movePointLeft(3)
            .divide(SECONDS_PER_HOUR, HOUR_DIGITS, RoundingMode.HALF_EVEN);
    JobCost predicted = plan.predicted();
    Optional<BigDecimal> grown =
        switch (plan.billing()) {
          case TOKENS ->
              ratio(
                  BigDecimal.valueOf(usage.trainedTokens()),
                  BigDecimal.valueOf(predicted.tokens()));
          case HOURS -> predicted.hours().flatMap(h -> ratio(hours, h));
        };
    return new JobCost(
        usage.trainedTokens(),
        Optional.of(hours),
        predicted.usd().map(usd -> times(usd, grown.orElse(BigDecimal.ONE))));
  }

  /// How much of the run was done. A run that was lost before a step was heard of may have been
  /// done and paid for wholly.
  private static BigDecimal share(Job job, JobRun run) {
    if (run.totalSteps() > 0) {
      return BigDecimal.valueOf(run.step())
          .divide(BigDecimal.valueOf(run.totalSteps()), HOUR_DIGITS, RoundingMode.HALF_EVEN);
    }
    boolean lost = job.state().error().filter(e -> e.code().equals("run_lost")).isPresent();
    return lost ? BigDecimal.ONE : BigDecimal.ZERO;
  }

  private static JobCost estimated(JobCost predicted, BigDecimal share) {
    return new JobCost(
        share.multiply(BigDecimal.valueOf(predicted.tokens())).longValue(),
        predicted.hours().map(h -> h.multiply(share).setScale(HOUR_DIGITS, RoundingMode.HALF_EVEN)),
        predicted.usd().map(usd -> times(usd, share)));
  }

  private static Optional<BigDecimal> ratio(BigDecimal actual, BigDecimal predicted) {
    return predicted.signum() == 0
        ? Optional.empty()
        : Optional.of(actual.divide(predicted, 8, RoundingMode.HALF_EVEN));
  }

  private static String times(String usd, BigDecimal factor) {
    return new BigDecimal(usd).multiply(factor).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }

  /// How a place counts what a job costs.
  static Billing billing(boolean thirdParty) {
    return thirdParty ? Billing.TOKENS : Billing.HOURS;
  }
}

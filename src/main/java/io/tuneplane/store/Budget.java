package io.tuneplane.store;

import io.tuneplane.job.Advance.Spending;
import io.tuneplane.job.BudgetExceededException;
import io.tuneplane.job.Job;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.Optional;

/// What an organisation's jobs have reserved and spent in a month, as one row that every change
/// locks: two reservations can't both find the last dollar.
final class Budget {

  /// Places behind the point of what is stored.
  private static final int SCALE = 6;

  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

  private Budget() {}

  /// Puts a job's part in the place of the one before it.
  ///
  /// @throws BudgetExceededException if a reservation does not fit
  static void keep(Transaction tx, Job job, Spending spending) {
    long micros = micros(spending.usd());
    takeBack(tx, job);
    long used = add(tx, job.organisation(), spending.month(), micros);
    spending
        .limit()
        .filter(limit -> !spending.settled() && usd(used).compareTo(limit) > 0)
        .ifPresent(limit -> {
          throw new BudgetExceededException(spending.usd(), usd(used - micros), limit);
        });
    tx.update(
        "INSERT INTO job_spending (job_id, organisation, spent_month, micros, settled)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (job_id) DO UPDATE SET"
            + " spent_month = excluded.spent_month, micros = excluded.micros,"
            + " settled = excluded.settled",
        job.id(),
        job.organisation(),
        spending.month().toString(),
        micros,
        spending.settled() ? 1 : 0);
  }

  /// What is reserved and spent in a month.
  static BigDecimal used(Transaction tx, String organisation, YearMonth month) {
    return usd(total(tx, organisation, month));
  }

  private static void takeBack(Transaction tx, Job job) {
    record Part(YearMonth month, long micros) {}
    Optional<Part> before =
        tx.first(
            "SELECT spent_month, micros FROM job_spending WHERE job_id = ?",
            row -> new Part(YearMonth.parse(row.getString(1)), row.getLong(2)),
            job.id());
    before.ifPresent(part -> add(tx, job.organisation(), part.month(), -part.micros()));
  }

  private static long add(Transaction tx, String organisation, YearMonth month, long micros) {
    tx.update(
        "INSERT INTO monthly_spending (organisation, spent_month, micros) VALUES (?, ?, ?)"
            + " ON CONFLICT (organisation, spent_month) DO UPDATE SET"
            + " micros = monthly_spending.micros + excluded.micros",
        organisation,
        month.toString(),
        micros);
    return total(tx, organisation, month);
  }

  private static long total(Transaction tx, String organisation, YearMonth month) {
    return tx.first(
            "SELECT micros FROM monthly_spending WHERE organisation = ? AND spent_month = ?",
            row -> row.getLong(1),
            organisation,
            month.toString())
        .orElse(0L);
  }

  // Rounded up, so that a budget is never overspent by rounding.
  private static long micros(BigDecimal usd) {
    if (usd.signum() < 0 || usd.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("not what a job can cost: $" + usd.toPlainString());
    }
    return usd.setScale(SCALE, RoundingMode.CEILING).unscaledValue().longValueExact();
  }

  private static BigDecimal usd(long micros) {
    BigDecimal usd = BigDecimal.valueOf(micros, SCALE).stripTrailingZeros();
    return usd.scale() < 2 ? usd.setScale(2, RoundingMode.UNNECESSARY) : usd;
  }
}

package io.tuneplane.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/// The workload, month by month from the first day of the horizon.
final class Traffic {

  private final LocalDate from;
  private final BigDecimal first;
  private final BigDecimal ratio;

  Traffic(LocalDate from, Scenario scenario) {
    this.from = from;
    this.first = scenario.get(Factor.MONTHLY_REQUESTS);
    this.ratio = BigDecimal.ONE.add(scenario.get(Factor.GROWTH_PER_MONTH));
  }

  /// Requests in a month, counted from 0.
  BigDecimal requests(int month) {
    return first.multiply(ratio.pow(month, MathContext.DECIMAL128));
  }

  /// What serving costs between two days, of which the first is on or after the horizon's start. A
  /// month that is only partly inside counts by its days.
  Money cost(MonthlyCost monthly, LocalDate start, LocalDate end) {
    Money sum = Money.ZERO;
    for (int month = 0; from.plusMonths(month).isBefore(end); month++) {
      BigDecimal share = share(month, start, end);
      if (share.signum() > 0) {
        sum = sum.plus(monthly.at(requests(month)).times(share));
      }
    }
    return sum;
  }

  /// The part of a month that lies between two days, 0 to 1.
  BigDecimal share(int month, LocalDate start, LocalDate end) {
    LocalDate first = from.plusMonths(month);
    LocalDate next = from.plusMonths(month + 1L);
    LocalDate inside = start.isAfter(first) ? start : first;
    LocalDate outside = end.isBefore(next) ? end : next;
    long days = ChronoUnit.DAYS.between(inside, outside);
    long all = ChronoUnit.DAYS.between(first, next);
    return days >= all
        ? BigDecimal.ONE
        : BigDecimal.valueOf(Math.max(0, days))
            .divide(BigDecimal.valueOf(all), MathContext.DECIMAL128);
  }
}

package io.tuneplane.cost;

import java.math.BigDecimal;

/// When replicas on our own hardware are reserved.
public sealed interface ServingHours {

  /// All hours of the month.
  record AlwaysOn() implements ServingHours {}

  /// So many hours a month, whether requests come or not, and the traffic within them.
  record Scheduled(BigDecimal hoursPerMonth) implements ServingHours {
    public Scheduled {
      check(hoursPerMonth);
    }
  }

  /// Only the hours in which requests come: no replica is kept otherwise, and a month without
  /// requests costs nothing.
  record ScaledToZero(BigDecimal busyHoursPerMonth) implements ServingHours {
    public ScaledToZero {
      check(busyHoursPerMonth);
    }
  }

  private static void check(BigDecimal hours) {
    if (hours.signum() <= 0 || hours.compareTo(BigDecimal.valueOf(744)) > 0) {
      throw new IllegalArgumentException("hours a month: expected above 0, at most 744");
    }
  }
}

package io.tuneplane.decision;

import io.tuneplane.cost.Horizon;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.Range;
import io.tuneplane.cost.Workload;
import java.util.Optional;

/// How much will be trained and asked.
///
/// @param epochs passes over the data
/// @param workload the requests to the tuned model; without one, serving is left out of the costs
/// @param horizonMonths how far costs are added up
/// @param own how our own hardware would be used
public record Forecast(int epochs, Optional<Workload> workload, int horizonMonths, OwnPlan own) {

  /// Three epochs, no workload, a year.
  public static final Forecast DEFAULT =
      new Forecast(3, Optional.empty(), Horizon.DEFAULT_MONTHS, OwnPlan.DEFAULT);

  Forecast with(Workload other) {
    return new Forecast(epochs, Optional.of(other), horizonMonths, own);
  }

  static Workload withRequests(Workload load, long requests) {
    return new Workload(
        Range.of(requests),
        load.inputTokens(),
        load.outputTokens(),
        load.cachedShare(),
        load.growthPerMonth(),
        load.peakToMean());
  }
}

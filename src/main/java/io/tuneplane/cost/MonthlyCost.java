package io.tuneplane.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;

/// What serving costs in a month, by its number of requests.
sealed interface MonthlyCost {

  /// The cost of a month with so many requests, 0 or more, not necessarily whole.
  Money at(BigDecimal requests);

  /// A provider's: so much a request.
  record PerRequest(Money each) implements MonthlyCost {
    @Override
    public Money at(BigDecimal requests) {
      return each.times(requests);
    }
  }

  /// Ours: so much a replica, however little it does.
  ///
  /// @param step this model's share of a replica's month
  /// @param requests how many of this model's requests a replica carries; empty for all of them
  /// @param minimum replicas that are kept without any request
  /// @param fixed what comes on top: people's time
  record Stepped(Money step, Optional<BigDecimal> requests, BigDecimal minimum, Money fixed)
      implements MonthlyCost {
    @Override
    public Money at(BigDecimal volume) {
      return step.times(replicas(volume)).plus(fixed);
    }

    BigDecimal replicas(BigDecimal volume) {
      BigDecimal needed =
          requests
              .map(each ->
                  volume.divide(each, MathContext.DECIMAL128).setScale(0, RoundingMode.CEILING))
              .orElse(volume.signum() > 0 ? BigDecimal.ONE : BigDecimal.ZERO);
      return needed.max(minimum);
    }
  }
}

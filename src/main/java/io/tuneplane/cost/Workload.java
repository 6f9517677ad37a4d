package io.tuneplane.cost;

import java.math.BigDecimal;
import java.util.Optional;

/// The forecast of requests to the tuned model.
///
/// @param monthlyRequests requests in the first month
/// @param inputTokens tokens of a prompt, on average
/// @param outputTokens tokens of an answer, on average
/// @param cachedShare the part of the input tokens that is billed as cached, 0 to 1
/// @param growthPerMonth how much a month has above the one before: 0.05 for 5 percent, above -1
/// @param peakToMean how many times the mean rate the busiest minutes have; empty for the price
///   book's assumption
public record Workload(
    Range monthlyRequests,
    Range inputTokens,
    Range outputTokens,
    BigDecimal cachedShare,
    Range growthPerMonth,
    Optional<Range> peakToMean) {

  public Workload {
    notNegative(monthlyRequests, "monthly requests");
    notNegative(inputTokens, "input tokens");
    notNegative(outputTokens, "output tokens");
    if (cachedShare.signum() < 0 || cachedShare.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException("cached share: expected 0 to 1, not " + cachedShare);
    }
    if (growthPerMonth.low().compareTo(BigDecimal.ONE.negate()) <= 0
        || growthPerMonth.high().compareTo(BigDecimal.TEN) > 0) {
      throw new IllegalArgumentException("growth: expected above -1 and at most 10 a month");
    }
    if (peakToMean.isPresent() && peakToMean.get().low().compareTo(BigDecimal.ONE) < 0) {
      throw new IllegalArgumentException("peak to mean: expected at least 1");
    }
  }

  /// A steady workload of known size, nothing cached.
  public static Workload steady(long monthlyRequests, long inputTokens, long outputTokens) {
    return new Workload(
        Range.of(monthlyRequests),
        Range.of(inputTokens),
        Range.of(outputTokens),
        BigDecimal.ZERO,
        Range.of(0),
        Optional.empty());
  }

  private static void notNegative(Range range, String what) {
    if (range.low().signum() < 0) {
      throw new IllegalArgumentException(what + ": expected 0 or more, not " + range.low());
    }
  }
}

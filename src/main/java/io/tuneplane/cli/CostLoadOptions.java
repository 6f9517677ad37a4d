package io.tuneplane.cli;

import io.tuneplane.api.CostRequest.Load;
import io.tuneplane.cost.Range;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The forecast of requests. Every number may be a range, `low..likely..high`.
final class CostLoadOptions {

  @Option(
      names = "--monthly-requests",
      paramLabel = "N",
      converter = CostRangeConverter.class,
      description = {
        "Requests in the first month: a number, or low..likely..high.",
        "Without it, serving is left out."
      })
  private @Nullable Range monthlyRequests;

  @Option(
      names = "--input-tokens",
      paramLabel = "N",
      converter = CostRangeConverter.class,
      description = "Tokens of a prompt, on average.")
  private @Nullable Range inputTokens;

  @Option(
      names = "--output-tokens",
      paramLabel = "N",
      converter = CostRangeConverter.class,
      description = "Tokens of an answer, on average.")
  private @Nullable Range outputTokens;

  @Option(
      names = "--cached-share",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Part of the prompts' tokens billed as cached, 0 to 1 (default: 0).")
  private BigDecimal cachedShare = BigDecimal.ZERO;

  @Option(
      names = "--growth",
      paramLabel = "RATE",
      defaultValue = "0",
      converter = CostRangeConverter.class,
      description = "Growth a month: 0.05 for 5 percent (default: 0).")
  private Range growth = Range.of(0);

  @Option(
      names = "--peak",
      paramLabel = "N",
      converter = CostRangeConverter.class,
      description = "The busiest minutes' rate over the mean (default: the price book's).")
  private @Nullable Range peak;

  Load load() {
    return new Load(
        Optional.ofNullable(monthlyRequests),
        Optional.ofNullable(inputTokens),
        Optional.ofNullable(outputTokens),
        cachedShare,
        growth,
        Optional.ofNullable(peak));
  }
}

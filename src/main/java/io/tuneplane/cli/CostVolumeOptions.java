package io.tuneplane.cli;

import io.tuneplane.api.CostRequest.Volume;
import io.tuneplane.dataset.CheckReport;
import io.tuneplane.dataset.ExactTokens;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much is trained.
final class CostVolumeOptions {

  @Option(names = "--examples", paramLabel = "N", description = "Examples in the training set.")
  private @Nullable Long examples;

  @Option(
      names = "--tokens-per-example",
      paramLabel = "N",
      description = "Their mean length in tokens.")
  private @Nullable BigDecimal tokensPerExample;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over them (default: 3).")
  private @Nullable Integer epochs;

  /// What was said on the command line, else what the data file has.
  Volume volume(Optional<CheckReport> data) {
    return new Volume(
        Optional.ofNullable(examples).or(() -> data.map(CheckReport::valid)),
        Optional.ofNullable(tokensPerExample)
            .or(() -> data.filter(report -> report.valid() > 0).map(CostVolumeOptions::mean)),
        Optional.ofNullable(epochs));
  }

  /// The exact mean; reports round theirs.
  private static BigDecimal mean(CheckReport report) {
    long total =
        report.tokens().exact().map(ExactTokens::total).orElse(report.tokens().estimate().total());
    return BigDecimal.valueOf(total)
        .divide(BigDecimal.valueOf(report.valid()), MathContext.DECIMAL64);
  }
}

package io.tuneplane.cli;

import io.tuneplane.api.CostRequest.Volume;
import java.math.BigDecimal;
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

  Volume volume() {
    return new Volume(
        Optional.ofNullable(examples),
        Optional.ofNullable(tokensPerExample),
        Optional.ofNullable(epochs));
  }
}

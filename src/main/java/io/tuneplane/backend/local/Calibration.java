package io.tuneplane.backend.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;

/// How fast this machine trains a model, as `runner calibrate` measured it.
///
/// @param tokensPerSecond of a training step, forward and backward
/// @param compute the arithmetic that was measured: `fp32` or `bf16`
/// @param threads how many computed
/// @param loadSeconds to read the model
/// @param processor the processor that it holds for
/// @param measuredAt when
public record Calibration(
    @JsonProperty(required = true) double tokensPerSecond,
    @JsonProperty(required = true) String compute,
    @JsonProperty(required = true) int threads,
    @JsonProperty(required = true) double loadSeconds,
    @JsonProperty(required = true) String processor,
    @JsonProperty(required = true) Instant measuredAt) {

  /// Starting Java and libtorch, on the machines of the trials: 1.5 to 1.7 s once unpacked.
  private static final Duration PROCESS = Duration.ofSeconds(2);

  /// How long a run takes on an otherwise quiet machine: start-up, then the tokens.
  ///
  /// @param tokens tokens of the training set, times epochs
  public Duration estimate(long tokens) {
    double seconds = loadSeconds + tokens / tokensPerSecond;
    return PROCESS.plusMillis(Math.round(seconds * 1000));
  }
}

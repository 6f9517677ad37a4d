package io.tuneplane.backend;

import java.util.Optional;

/// Whether a tuned model answers, where it is served, as it did in training. A job has succeeded
/// only once this has passed.
public sealed interface GateResult {

  /// Whether the model may be called tuned.
  boolean passed();

  /// One sentence with the figures, for people.
  String summary();

  /// Measured: the server was fed the trainer's golden answers token by token, and its
  /// log-probabilities were held against the trainer's.
  ///
  /// @param quantization the precision that was measured, e.g. `int8`
  /// @param meanDifference mean absolute difference of log-probabilities, in nats
  /// @param bound the largest mean difference that passes
  /// @param tokens how many tokens were compared
  /// @param tokenEqual whether the server's own greedy choice was the trainer's at every token;
  ///   asked at fp32 only
  record Measured(
      String quantization,
      double meanDifference,
      double bound,
      long tokens,
      Optional<Boolean> tokenEqual)
      implements GateResult {

    @Override
    public boolean passed() {
      // Written so that a NaN does not pass.
      return tokens > 0 && meanDifference <= bound && tokenEqual.orElse(true);
    }

    @Override
    public String summary() {
      return "mean difference of log-probabilities %.4f over %d tokens at %s, bound %.4f%s"
          .formatted(
              meanDifference,
              tokens,
              quantization,
              bound,
              tokenEqual.map(e -> e ? ", token-equal" : ", not token-equal").orElse(""));
    }
  }

  /// The place says of itself that the model is ready; nothing was measured, since that would cost.
  ///
  /// @param listed whether the place lists the model
  /// @param words what the place said
  record Stated(boolean listed, String words) implements GateResult {

    @Override
    public boolean passed() {
      return listed;
    }

    @Override
    public String summary() {
      return words;
    }
  }
}

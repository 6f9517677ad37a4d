package io.tuneplane.runner.serve;

import io.tuneplane.runner.serve.engine.Adapter;
import io.tuneplane.runner.serve.engine.Engine;
import io.tuneplane.runner.serve.engine.Score;
import io.tuneplane.runner.serve.onnx.Precision;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Compares a served model with its trainer, on the trainer's golden answers: teacher-forced, so
/// that one early difference does not make all that follows incomparable.
///
/// @param precision what the engine serves at
record Gate(Engine engine, Precision precision) {

  /// The most that the mean absolute difference of log-probabilities may be. How they were
  /// measured: `docs/serving.md`.
  static double bound(Precision precision) {
    return switch (precision) {
      case FP32 -> 0.02;
      case INT8 -> 0.10;
      case INT4 -> 0.40;
    };
  }

  /// Scores the answers.
  ///
  /// @throws ApiException if an answer does not fit in the context, or the engine fails
  GateReport judge(List<GoldenAnswer> answers, Optional<Adapter> adapter) {
    return new GateReport(
        precision, answers.stream().map(a -> new GateReport.Item(a, score(a, adapter))).toList());
  }

  private Score score(GoldenAnswer answer, Optional<Adapter> adapter) {
    if (answer.prompt().length + answer.tokens().length > engine.maxContext()) {
      throw ApiException.bad(
          "items",
          "An answer and its prompt are longer than the context of %d tokens."
              .formatted(engine.maxContext()));
    }
    CompletableFuture<Score> score = engine.score(answer.prompt(), answer.tokens(), adapter);
    try {
      return score.join();
    } catch (CompletionException e) {
      throw ApiException.internal("The engine failed.");
    } catch (java.util.concurrent.CancellationException e) {
      throw ApiException.ending("The server is ending.");
    }
  }
}

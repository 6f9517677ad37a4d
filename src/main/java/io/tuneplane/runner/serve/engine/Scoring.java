package io.tuneplane.runner.serve.engine;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/// A given answer whose log-probabilities are wanted. Used by the engine's thread alone.
final class Scoring implements Work {

  private final int[] tokens;
  private final int[] known;
  private final int promptLength;
  private final Optional<Adapter> adapter;
  private final double[] logprobs;
  private final int[] greedy;
  private final CompletableFuture<Score> result;

  Scoring(int[] prompt, int[] answer, Optional<Adapter> adapter, CompletableFuture<Score> result) {
    this.tokens = IntStream.concat(IntStream.of(prompt), IntStream.of(answer)).toArray();
    this.known = IntStream.of(tokens).limit(tokens.length - 1L).toArray();
    this.promptLength = prompt.length;
    this.adapter = adapter;
    this.logprobs = new double[answer.length];
    this.greedy = new int[answer.length];
    this.result = result;
  }

  /// All but the last token, which nothing follows.
  @Override
  public int[] prompt() {
    return known;
  }

  @Override
  public Optional<Adapter> adapter() {
    return adapter;
  }

  @Override
  public boolean cancelled() {
    return result.isDone();
  }

  @Override
  public int chunk(int preferred) {
    return Math.min(preferred, Decoder.MAX_ROWS);
  }

  @Override
  public int[] rows(int from, int to) {
    int first = Math.min(Math.max(from, promptLength - 1), to - 1);
    return IntStream.range(first - from, to - from).toArray();
  }

  @Override
  public void prompted(int from, int to, Logits[] logits) {
    int[] rows = rows(from, to);
    for (int i = 0; i < rows.length; i++) {
      int answered = from + rows[i] + 1 - promptLength;
      if (answered >= 0) {
        logprobs[answered] = logits[i].logprob(tokens[promptLength + answered]);
        greedy[answered] = logits[i].likeliest();
      }
    }
    if (to == known.length) {
      result.complete(new Score(logprobs, greedy));
    }
  }

  @Override
  public boolean ended() {
    return result.isDone();
  }

  @Override
  public void abort() {
    result.cancel(false);
  }

  @Override
  public void fail(String message) {
    result.completeExceptionally(new EngineException(message));
  }
}

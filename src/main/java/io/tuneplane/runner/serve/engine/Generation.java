package io.tuneplane.runner.serve.engine;

import io.tuneplane.model.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An answer in the making. Used by the engine's thread alone.
final class Generation implements Work {

  private final GenerationRequest request;
  private final Set<Integer> endTokens;
  private final Answer answer;
  private final Sampler sampler;
  private final Tokenizer.StreamDecoder decoder;
  private final StopTexts stops;
  private final List<TokenLogprob> unsent = new ArrayList<>();
  private int cached;
  private int generated;
  private int lastToken;
  private boolean ended;

  Generation(
      GenerationRequest request, Tokenizer tokenizer, Set<Integer> endTokens, Answer answer) {
    this.request = request;
    this.endTokens = request.ignoreEnd() ? Set.of() : endTokens;
    this.answer = answer;
    this.sampler = new Sampler(request.sampling());
    this.decoder = tokenizer.streamDecoder();
    this.stops = new StopTexts(request.stop());
  }

  @Override
  public int[] prompt() {
    return request.prompt();
  }

  @Override
  public Optional<Adapter> adapter() {
    return request.adapter();
  }

  @Override
  public boolean cancelled() {
    return answer.cancelled();
  }

  @Override
  public int chunk(int preferred) {
    return preferred;
  }

  @Override
  public int[] rows(int from, int to) {
    return new int[] {to - from - 1};
  }

  @Override
  public void prompted(int from, int to, Logits[] logits) {
    if (to == request.prompt().length) {
      next(logits[0]);
    }
  }

  @Override
  public boolean ended() {
    return ended;
  }

  /// Says that the first tokens of the prompt were not computed.
  void cached(int tokens) {
    cached = tokens;
  }

  /// The token that goes into the next step.
  int lastToken() {
    return lastToken;
  }

  /// Tokens of prompt and answer that the next step will have seen, [#lastToken] included.
  int total() {
    return request.prompt().length + generated;
  }

  /// Takes the logits that follow the last token, and chooses the next.
  void next(Logits logits) {
    lastToken = sampler.choose(logits);
    generated++;
    if (endTokens.contains(lastToken)) {
      end(FinishReason.STOP);
      return;
    }
    request.topLogprobs().ifPresent(count -> unsent.add(logits.logprob(lastToken, count)));
    send(stops.next(decoder.next(lastToken)));
    if (stops.found()) {
      end(FinishReason.STOP);
    } else if (generated == request.maxTokens()) {
      end(FinishReason.LENGTH);
    }
  }

  private void send(String text) {
    if (!text.isEmpty() || !unsent.isEmpty()) {
      answer.add(new Piece.Text(text, unsent));
      unsent.clear();
    }
  }

  private void end(FinishReason reason) {
    if (!stops.found()) {
      send(stops.next(decoder.end()) + stops.end());
    }
    ended = true;
    answer.add(new Piece.End(reason, request.prompt().length, generated, cached));
  }

  @Override
  public void abort() {
    if (!ended) {
      end(FinishReason.ABORT);
    }
  }

  @Override
  public void fail(String message) {
    ended = true;
    answer.add(new Piece.Broken(message));
  }
}

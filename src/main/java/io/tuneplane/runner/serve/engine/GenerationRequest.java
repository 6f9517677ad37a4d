package io.tuneplane.runner.serve.engine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A prompt to be answered.
///
/// @param prompt the templated conversation
/// @param adapter the adapter to answer with; empty for the base model
/// @param maxTokens most tokens of the answer; prompt and answer must fit in the context
/// @param stop texts at which the answer ends, themselves left out
/// @param ignoreEnd whether the model's own end of an answer is passed over
/// @param topLogprobs how many alternatives to report for each token; empty for no
///   log-probabilities
@SuppressWarnings("ArrayRecordComponent") // never compared
public record GenerationRequest(
    int[] prompt,
    Optional<Adapter> adapter,
    int maxTokens,
    Sampling sampling,
    List<String> stop,
    boolean ignoreEnd,
    OptionalInt topLogprobs) {

  public GenerationRequest {
    stop = List.copyOf(stop);
  }
}

package io.tuneplane.model;

import java.util.Optional;

/// The texts of a model's special tokens, as its tokenizer names them. A template sees those that
/// the model has as `bos_token`, `eos_token`, `pad_token` and `unk_token`; the others are undefined
/// there, as in `transformers`.
///
/// @param bos what begins a text
/// @param eos what ends a text
/// @param pad what fills a batch
/// @param unk what stands for the unknown
public record SpecialTokens(
    Optional<String> bos, Optional<String> eos, Optional<String> pad, Optional<String> unk) {

  /// None at all.
  public static final SpecialTokens NONE =
      new SpecialTokens(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}

package io.tuneplane.backend;

import java.util.List;

/// A token of an answer, and how likely the model found it.
///
/// @param token its text
/// @param logprob the natural logarithm of its probability
/// @param bytes its text in UTF-8, each from 0 to 255; empty where the place does not tell: a token
///   may be a part of a character
/// @param top the likeliest tokens at its place, likeliest first, without alternatives of their own
public record TokenLogprob(
    String token, double logprob, List<Integer> bytes, List<TokenLogprob> top) {

  public TokenLogprob {
    bytes = List.copyOf(bytes);
    top = List.copyOf(top);
  }
}

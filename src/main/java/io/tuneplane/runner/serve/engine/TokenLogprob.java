package io.tuneplane.runner.serve.engine;

import java.util.List;

/// A token's log-probability at temperature 1.
///
/// @param alternatives the likeliest tokens at its place, likeliest first
public record TokenLogprob(int token, double logprob, List<Candidate> alternatives) {

  public TokenLogprob {
    alternatives = List.copyOf(alternatives);
  }

  /// A token that might have stood there.
  public record Candidate(int token, double logprob) {}
}

package io.tuneplane.runner.train;

import io.tuneplane.dataset.Encoded;

/// One token sequence and which of its tokens are learnt.
///
/// @param encoded its tokens
/// @param targets how many are learnt
record Sequence(Encoded encoded, int targets) {

  static Sequence of(Encoded encoded) {
    return new Sequence(encoded, encoded.targets());
  }

  int length() {
    return encoded.tokens().length;
  }

  int token(int index) {
    return encoded.tokens()[index];
  }

  boolean learnt(int index) {
    return encoded.target()[index];
  }
}

package io.tuneplane.dataset;

/// An example as the trainer sees it.
///
/// @param tokens the ids of the templated conversation, cut to the longest allowed
/// @param target for each token whether it is learnt, i.e. predicted from the tokens before it; the
///   first never is
/// @param truncated whether tokens were cut off
// Arrays, since a trainer holds millions of these; they are never compared or changed.
@SuppressWarnings("ArrayRecordComponent")
public record Encoded(int[] tokens, boolean[] target, boolean truncated) {

  /// The number of tokens that are learnt.
  public int targets() {
    int n = 0;
    for (boolean t : target) {
      if (t) {
        n++;
      }
    }
    return n;
  }
}

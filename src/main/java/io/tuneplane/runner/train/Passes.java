package io.tuneplane.runner.train;

import java.util.ArrayList;
import java.util.List;

/// Cuts a batch into passes of a bounded number of tokens. The same batch and bound give the same
/// passes, which a resumed run relies on.
///
/// @param tokens the most tokens of a pass; an example that is longer gets a pass of its own
/// @param packing whether examples share a pass at all
record Passes(int tokens, boolean packing) {

  <T extends TrainingExample> List<List<T>> of(List<T> batch) {
    List<List<T>> passes = new ArrayList<>();
    List<T> pass = new ArrayList<>();
    int filled = 0;
    for (T example : batch) {
      if (!pass.isEmpty() && (!packing || filled + example.tokens() > tokens)) {
        passes.add(pass);
        pass = new ArrayList<>();
        filled = 0;
      }
      pass.add(example);
      filled += example.tokens();
    }
    passes.add(pass);
    return passes;
  }
}

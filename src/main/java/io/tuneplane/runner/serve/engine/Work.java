package io.tuneplane.runner.serve.engine;

import java.util.Optional;

/// Something that takes a slot: a prompt to be answered, or an answer to be scored.
sealed interface Work permits Generation, Scoring {

  /// The tokens that are known from the start.
  int[] prompt();

  Optional<Adapter> adapter();

  /// Whether nobody waits for it any more.
  boolean cancelled();

  /// How many tokens may go into one pass, at most.
  int chunk(int preferred);

  /// The positions whose logits are wanted of the pass over `prompt[from, to)`, counted from
  /// `from`; at least one.
  int[] rows(int from, int to);

  /// Takes the logits of a pass over `prompt[from, to)`, in the order of [#rows].
  void prompted(int from, int to, Logits[] logits);

  /// Whether its prompt is all that it needs, or its answer has ended.
  boolean ended();

  /// Ends it from outside.
  void abort();

  /// Ends it, as the engine failed.
  void fail(String message);
}

package io.tuneplane.runner.train;

import java.util.List;

/// What is made small. For one thread at a time.
interface Objective<T extends TrainingExample> extends AutoCloseable {

  /// How many tokens or pairs of these examples the loss is the mean of.
  long count(List<T> examples);

  /// Adds the gradient of these examples' share of the mean loss to the adapter's.
  ///
  /// @param examples of one pass
  /// @param count of the whole batch
  /// @param draw the seed of what is drawn at random
  Figures learn(Llama.Adapted adapter, List<T> examples, long count, long draw);

  /// The loss on these examples, nothing drawn at random.
  Figures evaluate(Llama.Adapted adapter, List<T> examples);

  @Override
  default void close() {
    // Most hold nothing of their own.
  }
}

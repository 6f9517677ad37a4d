package io.tuneplane.runner.train;

import io.tuneplane.dataset.EncodedPair;
import java.util.List;

/// An encoded example: what goes through the model for it.
sealed interface TrainingExample {

  /// The sequences, in the order in which they are passed.
  List<Sequence> sequences();

  /// Tokens of all sequences.
  default int tokens() {
    return sequences().stream().mapToInt(Sequence::length).sum();
  }

  /// Tokens of all sequences of all examples.
  static long tokens(List<? extends TrainingExample> examples) {
    return examples.stream().mapToLong(TrainingExample::tokens).sum();
  }

  /// Whether there is something to learn in every sequence.
  default boolean learnable() {
    return sequences().stream().allMatch(s -> s.targets() > 0);
  }

  /// A conversation.
  record Chat(Sequence sequence) implements TrainingExample {
    @Override
    public List<Sequence> sequences() {
      return List.of(sequence);
    }
  }

  /// A better and a worse answer to one prompt.
  record Pair(Sequence preferred, Sequence other) implements TrainingExample {

    static Pair of(EncodedPair pair) {
      return new Pair(Sequence.of(pair.preferred()), Sequence.of(pair.nonPreferred()));
    }

    @Override
    public List<Sequence> sequences() {
      return List.of(preferred, other);
    }
  }
}

package io.tuneplane.runner.train;

import io.tuneplane.dataset.EncodingException;
import io.tuneplane.dataset.Example;
import io.tuneplane.dataset.ExampleEncoder;
import io.tuneplane.model.TemplateException;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.util.ArrayList;
import java.util.List;

/// Encoded examples of one file.
///
/// @param examples those that can be learnt from
/// @param truncated how many were cut to the longest allowed
/// @param leftOut places of examples without a token to learn, from 0
record TrainingSet(List<TrainingExample> examples, int truncated, List<Integer> leftOut) {

  TrainingSet {
    examples = List.copyOf(examples);
    leftOut = List.copyOf(leftOut);
  }

  /// @param name of the file, for messages
  /// @throws WrongInput if the chat template refuses an example, or nothing can be learnt
  static TrainingSet encode(String name, List<Example> all, ExampleEncoder encoder) {
    List<TrainingExample> examples = new ArrayList<>();
    List<Integer> leftOut = new ArrayList<>();
    int truncated = 0;
    for (int i = 0; i < all.size(); i++) {
      TrainingExample example = encode(name, i, all.get(i), encoder);
      truncated += example.sequences().stream().anyMatch(s -> s.encoded().truncated()) ? 1 : 0;
      if (example.learnable()) {
        examples.add(example);
      } else {
        leftOut.add(i);
      }
    }
    if (examples.isEmpty()) {
      throw new WrongInput(
          "%s: no example has a token to learn within max_length %d"
              .formatted(name, encoder.maxTokens()));
    }
    return new TrainingSet(examples, truncated, leftOut);
  }

  private static TrainingExample encode(
      String name, int index, Example example, ExampleEncoder encoder) {
    try {
      return switch (example) {
        case Example.Chat chat -> new TrainingExample.Chat(Sequence.of(encoder.encode(chat)));
        case Example.Preference pair -> TrainingExample.Pair.of(encoder.encode(pair));
      };
    } catch (EncodingException | TemplateException e) {
      throw new WrongInput("%s example %d: %s".formatted(name, index, e.getMessage()), e);
    }
  }

  /// The most tokens of one example.
  int largest() {
    return examples.stream().mapToInt(TrainingExample::tokens).max().orElseThrow();
  }
}

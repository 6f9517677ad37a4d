package io.tuneplane.runner.train;

import io.tuneplane.dataset.Example;
import io.tuneplane.dataset.ExampleEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A job's data, encoded.
///
/// @param encoder what encoded it
/// @param train the training set
/// @param validation the validation set's examples; empty for none
/// @param asked where golden prompts come from: the validation set, else the training set
/// @param remarks what the user should know of the data
record JobData(
    ExampleEncoder encoder,
    TrainingSet train,
    List<TrainingExample> validation,
    List<Example> asked,
    List<String> remarks) {

  private static final int NAMED = 10;

  JobData {
    validation = List.copyOf(validation);
    asked = List.copyOf(asked);
    remarks = List.copyOf(remarks);
  }

  static JobData read(Path folder, TrainingJob job, ExampleEncoder encoder) {
    List<String> remarks = new ArrayList<>();
    List<Example> train = ExampleLines.read(folder.resolve(job.data().train()), job.method());
    TrainingSet encoded = TrainingSet.encode(job.data().train(), train, encoder);
    remark(job.data().train(), encoded, encoder, remarks);
    String validationName = job.data().validation();
    if (validationName == null) {
      return new JobData(encoder, encoded, List.of(), train, remarks);
    }
    List<Example> validation = ExampleLines.read(folder.resolve(validationName), job.method());
    TrainingSet held = TrainingSet.encode(validationName, validation, encoder);
    remark(validationName, held, encoder, remarks);
    return new JobData(encoder, encoded, held.examples(), validation, remarks);
  }

  private static void remark(
      String name, TrainingSet set, ExampleEncoder encoder, List<String> remarks) {
    if (set.truncated() > 0) {
      remarks.add(
          "%s: %d examples are cut to %d tokens"
              .formatted(name, set.truncated(), encoder.maxTokens()));
    }
    if (!set.leftOut().isEmpty()) {
      List<Integer> some = set.leftOut().subList(0, Math.min(NAMED, set.leftOut().size()));
      remarks.add(
          "%s: %d examples have no token to learn and are left out: %s%s"
              .formatted(
                  name,
                  set.leftOut().size(),
                  some,
                  some.size() < set.leftOut().size() ? " and more" : ""));
    }
  }

  /// The longest sequence of both sets, in tokens.
  int longest() {
    return Stream.concat(train.examples().stream(), validation.stream())
        .flatMap(e -> e.sequences().stream())
        .mapToInt(Sequence::length)
        .max()
        .orElseThrow();
  }

  /// The most tokens of one example of both sets.
  int largest() {
    return Math.max(
        train.largest(), validation.stream().mapToInt(TrainingExample::tokens).max().orElse(0));
  }
}

package io.tuneplane.migration;

import io.tuneplane.backend.PastJob;
import io.tuneplane.job.Choice;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.HyperparameterChoices.LoraChoices;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobRequest.ModelRequest;
import io.tuneplane.job.JobRequest.Placement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/// What a job of an account was asked with, as we would have been asked.
final class Asked {

  private Asked() {}

  /// @param training our id of the training file
  /// @param validation our id of the validation file
  static JobRequest request(
      PastJob past, String backend, String training, Optional<String> validation) {
    return new JobRequest(
        new ModelRequest(
            Optional.of(past.baseModel()),
            Optional.empty(),
            past.method().orElseThrow(),
            choices(past.hyperparameters()),
            Optional.of(past.seed()),
            past.suffix()),
        training,
        validation,
        new Placement(backend, false, new TreeSet<>(), Optional.empty(), Optional.empty(), false),
        Labels.of(past, backend));
  }

  private static HyperparameterChoices choices(Map<String, String> asked) {
    return new HyperparameterChoices(
        choice(asked, "n_epochs", text -> Math.toIntExact(Math.round(Double.parseDouble(text)))),
        choice(asked, "batch_size", text -> Math.toIntExact(Math.round(Double.parseDouble(text)))),
        choice(asked, "learning_rate_multiplier", Double::valueOf),
        choice(asked, "beta", Double::valueOf),
        LoraChoices.DEFAULT,
        Optional.empty());
  }

  private static <T> Choice<T> choice(
      Map<String, String> asked, String name, Function<String, T> parser) {
    return Choice.parse(asked.getOrDefault(name, "auto"), parser);
  }
}

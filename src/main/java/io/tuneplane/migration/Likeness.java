package io.tuneplane.migration;

import io.tuneplane.backend.Method;
import io.tuneplane.job.Choice;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.Job;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobRequest.ModelRequest;
import io.tuneplane.job.JobRequest.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A request for a job like an old one, in another place: the same data, the same method, and
/// hyperparameters that come to the same. What is carried over, what is not and why is told in
/// words.
///
/// @param request what is asked for
/// @param explanation a sentence for each thing that was carried over, or was not
public record Likeness(JobRequest request, List<String> explanation) {

  public Likeness {
    explanation = List.copyOf(explanation);
  }

  /// What the user wants to be different.
  ///
  /// @param backend where the new job runs, or `auto`
  /// @param model the model to tune instead; empty to let the decision find one of the same class
  /// @param suffix the user's part of the new model's name; empty for the old one
  public record Wish(String backend, Optional<String> model, Optional<String> suffix) {}

  /// The request.
  ///
  /// @param old a job that has its files here
  public static Likeness of(Job old, Wish wish) {
    List<String> why = new ArrayList<>();
    ModelRequest before = old.request().model();
    boolean samePlace = wish.backend().equals(old.request().placement().backend());
    ModelRequest model =
        new ModelRequest(
            model(before, wish, samePlace, why),
            Optional.empty(),
            before.method(),
            hyperparameters(before, samePlace, why),
            before.seed(),
            wish.suffix().or(before::suffix));
    before
        .seed()
        .ifPresent(seed ->
            why.add(
                "seed %d: the same; another trainer draws other numbers from it".formatted(seed)));
    Placement placement =
        new Placement(
            wish.backend(),
            !samePlace && wish.model().isEmpty(),
            old.request().placement().flags(),
            Optional.empty(),
            Optional.empty(),
            false);
    return new Likeness(
        new JobRequest(
            model,
            old.request().trainingFile(),
            old.request().validationFile(),
            placement,
            labels(old)),
        why);
  }

  private static Optional<String> model(
      ModelRequest before, Wish wish, boolean samePlace, List<String> why) {
    String old = before.name().orElse("");
    if (wish.model().isPresent()) {
      why.add("model %s: asked for, in place of %s".formatted(wish.model().get(), old));
      return wish.model();
    }
    why.add(
        samePlace
            ? "model %s: the same place".formatted(old)
            : "model %s, or one of its class where the place has it not".formatted(old));
    return before.name();
  }

  private static HyperparameterChoices hyperparameters(
      ModelRequest before, boolean samePlace, List<String> why) {
    HyperparameterChoices old = before.hyperparameters();
    why.add(told("n_epochs", old.epochs(), "passes over the data mean the same everywhere"));
    why.add(told("batch_size", old.batchSize(), "examples a step mean the same everywhere"));
    if (before.method() == Method.DPO) {
      why.add(told("beta", old.beta(), "the same loss"));
    }
    Choice<Double> multiplier = samePlace ? old.learningRateMultiplier() : Choice.auto();
    why.add(
        samePlace
            ? told("learning_rate_multiplier", multiplier, "the same place")
            : "learning_rate_multiplier auto (was %s): it multiplies a rate that the old place keeps to itself, so the new place's own rate is taken"
                .formatted(text(old.learningRateMultiplier())));
    return new HyperparameterChoices(
        old.epochs(),
        old.batchSize(),
        multiplier,
        before.method() == Method.DPO ? old.beta() : Choice.auto(),
        old.lora(),
        old.quantization());
  }

  private static String told(String name, Choice<?> choice, String because) {
    return "%s %s: %s".formatted(name, text(choice), because);
  }

  private static String text(Choice<?> choice) {
    return choice.value().map(Object::toString).orElse("auto");
  }

  private static Map<String, String> labels(Job old) {
    Map<String, String> labels = new TreeMap<>(old.request().metadata());
    labels.keySet().removeIf(name -> name.startsWith("tuneplane"));
    return labels;
  }
}

package io.tuneplane.job;

import io.tuneplane.backend.HardwareWish;
import io.tuneplane.backend.Method;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// A job as it was asked for.
///
/// @param model what to tune, and how
/// @param trainingFile the training data: the id of an uploaded file
/// @param validationFile the validation data, if any: the id of an uploaded file
/// @param placement where it may run
/// @param metadata the caller's own labels
public record JobRequest(
    ModelRequest model,
    String trainingFile,
    Optional<String> validationFile,
    Placement placement,
    Map<String, String> metadata) {

  public JobRequest {
    metadata = Map.copyOf(metadata);
  }

  /// What to tune, and how.
  ///
  /// @param name a catalogue id, hub id, path or alias; empty to let the decision choose
  /// @param modelClass a class of models, where no model is named
  /// @param method supervised or dpo
  /// @param hyperparameters as they were asked for
  /// @param seed the seed of initialisation and order; drawn where none is given
  /// @param suffix the user's part of the tuned model's name
  public record ModelRequest(
      Optional<String> name,
      Optional<String> modelClass,
      Method method,
      HyperparameterChoices hyperparameters,
      Optional<Long> seed,
      Optional<String> suffix) {}

  /// Where the job may run, and what it may cost.
  ///
  /// @param backend a backend's name, or `auto`
  /// @param substitutes whether another model of the same class will do
  /// @param flags what the data must be treated as
  /// @param budgetUsd the most it may cost, in US dollars
  /// @param monthlyRequests the forecast of requests, for the costs of serving
  /// @param skipInvalid whether invalid examples are left out instead of failing the job
  /// @param hardware the hardware that is asked for, at a place that has a choice
  public record Placement(
      String backend,
      boolean substitutes,
      SortedSet<String> flags,
      Optional<String> budgetUsd,
      Optional<Long> monthlyRequests,
      boolean skipInvalid,
      HardwareWish hardware) {

    public Placement {
      // Jobs of earlier versions were kept without.
      hardware = hardware == null ? HardwareWish.NONE : hardware;
    }

    /// On hardware of the place's choice.
    public Placement(
        String backend,
        boolean substitutes,
        SortedSet<String> flags,
        Optional<String> budgetUsd,
        Optional<Long> monthlyRequests,
        boolean skipInvalid) {
      this(backend, substitutes, flags, budgetUsd, monthlyRequests, skipInvalid, HardwareWish.NONE);
    }

    /// Lets the decision choose the backend.
    public static final String AUTO = "auto";

    /// Anywhere, with nothing said of the data.
    public static final Placement ANYWHERE =
        new Placement(AUTO, false, new TreeSet<>(), Optional.empty(), Optional.empty(), false);

    /// Whether the decision chooses the backend.
    public boolean auto() {
      return backend.equals(AUTO);
    }
  }
}

package io.tuneplane.job;

import io.tuneplane.backend.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/// Takes requests in: checks what can be checked without reading the data, and puts the
/// organisation's own model in place of a name that stands for it.
final class JobIntake {

  private final DataFiles files;
  private final BiPredicate<String, String> knownModel;
  private final Map<String, String> aliases;

  /// @param knownModel whether an organisation may ask for a model of this name
  /// @param aliases names that stand for others
  JobIntake(DataFiles files, BiPredicate<String, String> knownModel, Map<String, String> aliases) {
    this.files = files;
    this.knownModel = knownModel;
    this.aliases = Map.copyOf(aliases);
  }

  /// A request that may become a job.
  ///
  /// @param words what must be told in the job's first events
  record Taken(JobRequest request, List<String> words) {}

  /// @throws JobRefusedException with everything that is wrong
  Taken take(Asker asker, JobRequest asked) {
    Optional<String> target = asked.model().name().map(aliases::get);
    JobRequest request = with(asked, target, flags(asker, asked));
    refuse("invalid_value", values(request));
    refuse("file_not_found", files(asker.organisation(), request));
    refuse("model_not_found", model(asker.organisation(), request));
    return new Taken(
        request,
        target
            .map(t ->
                "%s stands for %s here, by the organisation's alias"
                    .formatted(asked.model().name().orElseThrow(), t))
            .stream()
            .toList());
  }

  private static SortedSet<String> flags(Asker asker, JobRequest asked) {
    SortedSet<String> all = new TreeSet<>(asked.placement().flags());
    all.addAll(asker.flags());
    return all;
  }

  private static JobRequest with(
      JobRequest asked, Optional<String> target, SortedSet<String> flags) {
    JobRequest.ModelRequest model = asked.model();
    JobRequest.Placement placement = asked.placement();
    return new JobRequest(
        new JobRequest.ModelRequest(
            target.or(model::name),
            model.modelClass(),
            model.method(),
            model.hyperparameters(),
            model.seed(),
            model.suffix()),
        asked.trainingFile(),
        asked.validationFile(),
        new JobRequest.Placement(
            placement.backend(),
            placement.substitutes(),
            flags,
            placement.budgetUsd(),
            placement.monthlyRequests(),
            placement.skipInvalid()),
        asked.metadata());
  }

  private static void refuse(String code, List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new JobRefusedException(code, problems);
    }
  }

  private static List<Problem> values(JobRequest request) {
    List<Problem> problems =
        new ArrayList<>(HyperparameterRules.check(request.model().hyperparameters()));
    request
        .model()
        .suffix()
        .filter(suffix -> !TunedModelName.isSuffix(suffix))
        .ifPresent(_ -> problems.add(new Problem("suffix", "must be [A-Za-z0-9_-]{1,64}")));
    request
        .placement()
        .budgetUsd()
        .filter(budget -> !isAmount(budget))
        .ifPresent(b ->
            problems.add(
                new Problem("metadata.tuneplane.budget_usd", "must be US dollars, not " + b)));
    return problems;
  }

  private static boolean isAmount(String text) {
    try {
      return new BigDecimal(text).signum() >= 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private List<Problem> files(String organisation, JobRequest request) {
    List<Problem> problems = new ArrayList<>();
    file(organisation, "training_file", request.trainingFile()).ifPresent(problems::add);
    request
        .validationFile()
        .flatMap(id -> file(organisation, "validation_file", id))
        .ifPresent(problems::add);
    return problems;
  }

  private Optional<Problem> file(String organisation, String field, String id) {
    Optional<StoredFile> file = files.find(organisation, id);
    if (file.isEmpty()) {
      return Optional.of(new Problem(field, "there is no file " + id + "; upload it first"));
    }
    return file.filter(f -> !f.purpose().equals("fine-tune"))
        .map(f -> new Problem(field, id + " has the purpose " + f.purpose() + ", not fine-tune"));
  }

  private List<Problem> model(String organisation, JobRequest request) {
    return request.model().name().stream()
        .filter(name -> !knownModel.test(organisation, name))
        .map(name -> new Problem("model", "the model " + name + " does not exist"))
        .toList();
  }
}

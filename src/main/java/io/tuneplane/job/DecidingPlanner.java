package io.tuneplane.job;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.cost.EndWarning;
import io.tuneplane.cost.Horizon;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.Workload;
import io.tuneplane.dataset.CheckReport;
import io.tuneplane.dataset.CheckSettings;
import io.tuneplane.dataset.EstimatedTokens;
import io.tuneplane.dataset.ModelTokens;
import io.tuneplane.dataset.OpenAiTokens;
import io.tuneplane.dataset.Target;
import io.tuneplane.dataset.TokenCounter;
import io.tuneplane.decision.DataSummary;
import io.tuneplane.decision.Decider;
import io.tuneplane.decision.Decision;
import io.tuneplane.decision.Decision.Ranked;
import io.tuneplane.decision.DecisionException;
import io.tuneplane.decision.DecisionInputs;
import io.tuneplane.decision.DecisionRequest;
import io.tuneplane.decision.Forecast;
import io.tuneplane.decision.Needs;
import io.tuneplane.decision.StoredDecision;
import io.tuneplane.decision.Wish;
import io.tuneplane.job.DataIntake.Taken;
import io.tuneplane.job.JobPlan.CheckedData;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.CatalogueEntry.LearningRates;
import io.tuneplane.model.ModelCatalogue;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Clearances;
import io.tuneplane.policy.Destination;
import io.tuneplane.policy.Flags;
import io.tuneplane.policy.Purpose;
import io.tuneplane.policy.Question;
import io.tuneplane.policy.Scan;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Plans by the decision: takes the data in, decides over every place, counts again with the chosen
/// model's own tokenizer, and resolves what was left `auto`. Safe for many threads.
public final class DecidingPlanner implements JobPlanner {

  private final DataIntake intake;
  private final DatasetFlags datasets;
  private final WorldReader world;
  private final Decisions decisions;
  private final Clearances clearances;
  private final OpenModels models;
  private final Chance chance;

  /// The models that can be tuned here.
  ///
  /// @param catalogue the base models that are known by name
  /// @param open opens one, fetching it if need be; the caller closes it
  /// @param tuned models that a job may go on from
  public record OpenModels(
      ModelCatalogue catalogue, Function<String, BaseModel> open, TunedModels tuned) {}

  /// What differs from run to run.
  ///
  /// @param clock the time
  /// @param random draws seeds
  public record Chance(InstantSource clock, RandomGenerator random) {}

  /// A planner over these.
  public DecidingPlanner(
      DataIntake intake,
      DatasetFlags datasets,
      WorldReader world,
      Decisions decisions,
      Clearances clearances,
      OpenModels models,
      Chance chance) {
    this.intake = intake;
    this.datasets = datasets;
    this.world = world;
    this.decisions = decisions;
    this.clearances = clearances;
    this.models = models;
    this.chance = chance;
  }

  @Override
  public Planned plan(Job job) {
    Taken rough = intake.take(job, settings(OpenAiTokens.o200k(Integer.MAX_VALUE)));
    Optional<StartingPoint> start = startingPoint(job);
    DataSummary summary = summary(job, start, rough);
    datasets.add(job.organisation(), rough.report().digest(), summary.flags().names());
    Instant now = chance.clock().instant();
    DecisionInputs inputs =
        new DecisionInputs(
            request(job, start, summary),
            world.read(LocalDate.ofInstant(now, ZoneOffset.UTC), job.course().closed()),
            now);
    Decision decision = decide(inputs);
    String id = decisions.save(job.organisation(), StoredDecision.of(inputs, decision));
    Ranked chosen = chosen(job, start, decision);
    CheckedData data = counted(job, chosen);
    datasets.add(job.organisation(), data.digest(), summary.flags().names());
    Hyperparameters resolved = hyperparameters(job, start, chosen.model(), data.examples());
    JobPlan plan =
        new JobPlan(
            id,
            chosen.backend(),
            chosen.model(),
            start.map(s -> s.model().name()),
            resolved,
            job.request().model().seed().orElseGet(() -> chance.random().nextLong(1L << 31)),
            summary.flags().names(),
            summary.flags().scan() == Scan.DONE,
            data,
            new JobCost(
                data.tokens() * resolved.epochs(),
                chosen.hoursToResult(),
                chosen.bill().trainingUsd()),
            JobMoney.billing(world.isThirdParty(chosen.backend())));
    return new Planned(plan, words(job, decision, chosen, plan));
  }

  private static CheckSettings settings(TokenCounter counter) {
    return CheckSettings.of(Target.LOCAL, Optional.of(counter));
  }

  private Optional<StartingPoint> startingPoint(Job job) {
    Optional<String> name =
        job.request().model().name().filter(n -> TunedModelName.parse(n).isPresent());
    if (name.isEmpty()) {
      return Optional.empty();
    }
    TunedModel model =
        models
            .tuned()
            .find(job.organisation(), name.get())
            .orElseThrow(() ->
                failure(
                    "invalid_model",
                    "there is no tuned model " + name.get() + "; see: tuneplane models"));
    try {
      return Optional.of(
          StartingPoint.of(model)
              .orElseThrow(() ->
                  failure("invalid_model", name.get() + " has no weights of ours to go on from")));
    } catch (IOException e) {
      throw failure("invalid_model", "the adapter of " + name.get() + " can't be read: " + e);
    }
  }

  private DataSummary summary(Job job, Optional<StartingPoint> start, Taken taken) {
    Set<String> said = new TreeSet<>(job.request().placement().flags());
    start.ifPresent(s -> said.addAll(s.model().flags()));
    said.addAll(datasets.of(job.organisation(), taken.report().digest()));
    try {
      return DataSummaries.of(
          kept(taken.training()),
          taken.report(),
          taken.reports().validation().map(CheckReport::valid).orElse(0L),
          said);
    } catch (IOException e) {
      throw failure("data_not_kept", "the job's copy of the data can't be read: " + e);
    }
  }

  private DecisionRequest request(Job job, Optional<StartingPoint> start, DataSummary summary) {
    JobRequest.Placement placement = job.request().placement();
    JobRequest.ModelRequest model = job.request().model();
    int epochs =
        model
            .hyperparameters()
            .epochs()
            .orElse(() -> HyperparameterRules.autoEpochs(summary.examples()));
    Optional<Workload> workload =
        placement
            .monthlyRequests()
            .flatMap(n ->
                summary.means().map(m -> Workload.steady(n, m.inputTokens(), m.outputTokens())));
    return new DecisionRequest(
        new Wish(
            start.map(s -> s.model().baseModel()).or(model::name),
            model.modelClass(),
            placement.substitutes() && start.isEmpty()),
        model.method(),
        summary,
        new Needs(
            false, Optional.empty(), placement.budgetUsd().map(BigDecimal::new), Optional.empty()),
        new Forecast(epochs, workload, Horizon.DEFAULT_MONTHS, OwnPlan.DEFAULT));
  }

  private static Decision decide(DecisionInputs inputs) {
    try {
      return Decider.decide(inputs);
    } catch (DecisionException e) {
      throw failure("invalid_model", String.valueOf(e.getMessage()));
    }
  }

  private static Ranked chosen(Job job, Optional<StartingPoint> start, Decision decision) {
    JobRequest.Placement placement = job.request().placement();
    // The weights to go on from lie in one place.
    Optional<String> only = start.map(s -> s.model().backend());
    Optional<Ranked> chosen =
        placement.auto() && only.isEmpty()
            ? decision.firstReady()
            : decision.ranked().stream()
                .filter(r -> r.backend().equals(only.orElse(placement.backend())))
                .findFirst();
    Ranked found =
        chosen.orElseThrow(() ->
            failure(
                onlyTheBudget(decision, placement) ? "budget_exceeded" : "no_place",
                none(decision, placement)));
    if (!found.ready()) {
      throw failure(
          "no_place", found.backend() + " is not ready: " + found.setup().orElse(found.state()));
    }
    return found;
  }

  /// Whether every place that could take the job costs too much.
  private static boolean onlyTheBudget(Decision decision, JobRequest.Placement placement) {
    return placement.budgetUsd().isPresent()
        && decision.relax().stream()
            .anyMatch(change -> change.kind().equals("budget") && change.choice().isPresent());
  }

  private static String none(Decision decision, JobRequest.Placement placement) {
    String where =
        placement.auto()
            ? "no place takes this job"
            : placement.backend() + " does not take this job";
    List<String> reasons = new ArrayList<>();
    decision.rejected().stream()
        .filter(r -> placement.auto() || r.backend().equals(placement.backend()))
        .map(r -> r.backend() + " with " + r.model() + ": " + r.reason())
        .forEach(reasons::add);
    decision.ranked().stream()
        .filter(r -> !r.ready() && placement.auto())
        .map(r -> r.backend() + " with " + r.model() + ": " + r.setup().orElse(r.state()))
        .forEach(reasons::add);
    return reasons.isEmpty() ? where : where + ": " + String.join("; ", reasons);
  }

  /// Takes the data in again, counted and checked with what the chosen model will see.
  private CheckedData counted(Job job, Ranked chosen) {
    if (world.isThirdParty(chosen.backend())) {
      // Its weights are nobody's to open.
      return data(intake.take(job, settings(providers(chosen.model()))));
    }
    try (BaseModel base = models.open().apply(chosen.model())) {
      return data(
          intake.take(
              job,
              settings(
                  new ModelTokens(
                      chosen.model(),
                      base.tokenizer(),
                      base.chatTemplate(),
                      base.config().maxPositions()))));
    }
  }

  /// How a provider counts, as far as that is public: Gemini has no public tokenizer, so its tokens
  /// are estimated.
  private static TokenCounter providers(String model) {
    return model.toLowerCase(Locale.ROOT).startsWith("gemini")
        ? new EstimatedTokens(Integer.MAX_VALUE)
        : OpenAiTokens.ofModel(model, Integer.MAX_VALUE);
  }

  private static CheckedData data(Taken taken) {
    CheckReport report = taken.report();
    return new CheckedData(
        taken.training(),
        report.digest(),
        report.valid(),
        report
            .tokens()
            .exact()
            .map(exact -> exact.total())
            .orElseGet(() -> report.tokens().estimate().total()),
        taken.validation(),
        taken.leftOut());
  }

  private Hyperparameters hyperparameters(
      Job job, Optional<StartingPoint> start, String model, long examples) {
    LearningRates rates = models.catalogue().learningRates(model);
    Method method = job.request().model().method();
    double base =
        switch (method) {
          case SUPERVISED -> rates.loraSupervised();
          case DPO -> rates.loraDpo();
        };
    HyperparameterChoices asked = job.request().model().hyperparameters();
    HyperparameterChoices choices =
        start.isEmpty()
            ? asked
            : start
                .get()
                .shape(asked)
                .orElseThrow(() ->
                    failure(
                        "invalid_request",
                        "an adapter keeps its shape: leave the lora options out, or give %s"
                            .formatted(start.get().lora())));
    return HyperparameterRules.resolve(choices, method, examples, Optional.of(base));
  }

  private List<String> words(Job job, Decision decision, Ranked chosen, JobPlan plan) {
    List<String> words = new ArrayList<>();
    CheckedData data = plan.data();
    words.add(
        "Files validated: %,d examples, %,d tokens%s"
            .formatted(
                data.examples(),
                data.tokens(),
                data.leftOut() == 0 ? "" : "; left out as invalid: " + data.leftOut()));
    words.add("Chosen: %s with %s".formatted(chosen.backend(), chosen.model()));
    decision.betterButNotReady().stream()
        .filter(_ -> job.request().placement().auto())
        .map(r -> "Better, but not ready: %s (%s)".formatted(r.provider(), r.setup().orElse("")))
        .distinct()
        .forEach(words::add);
    words.add("Hyperparameters: " + hyperparameters(job, plan));
    LocalDate today = LocalDate.ofInstant(chance.clock().instant(), ZoneOffset.UTC);
    world
        .endWarning(plan.backend(), plan.model(), today)
        .map(EndWarning::words)
        .ifPresent(words::add);
    return words;
  }

  /// A third party chooses by itself what was left to it, and keeps its base rate to itself.
  private static String hyperparameters(Job job, JobPlan plan) {
    Hyperparameters h = plan.hyperparameters();
    if (plan.billing() == JobPlan.Billing.HOURS) {
      return "%d epochs, batches of %d, learning rate %.2g, seed %d"
          .formatted(h.epochs(), h.batchSize(), h.learningRate(), plan.seed());
    }
    Set<String> left = job.request().model().hyperparameters().automatic();
    List<String> words = new ArrayList<>(List.of(h.epochs() + " epochs"));
    words.add(
        left.contains("batch_size")
            ? "batches as " + plan.backend() + " chooses"
            : "batches of " + h.batchSize());
    words.add(
        left.contains("learning_rate_multiplier")
            ? "its own learning rate"
            : "%s times its own learning rate".formatted(h.learningRateMultiplier()));
    words.add("seed " + plan.seed());
    return String.join(", ", words);
  }

  @Override
  public boolean knows(String organisation, String model) {
    return TunedModelName.parse(model).isPresent()
        ? models.tuned().find(organisation, model).isPresent()
        : models.catalogue().find(model).isPresent()
            || model.contains("/")
            || world.isSold(model, LocalDate.ofInstant(chance.clock().instant(), ZoneOffset.UTC));
  }

  @Override
  public Path kept(Path inPlan) {
    return intake.kept(inPlan);
  }

  @Override
  public Clearance clearance(Job job, JobPlan plan) {
    Destination destination =
        world
            .destination(plan.backend())
            .orElseThrow(() -> failure("no_place", plan.backend() + " is not set up any more"));
    return clearances.request(
        new Question(
            Flags.of(plan.flags(), plan.scanned() ? Scan.DONE : Scan.FAILED),
            destination,
            Purpose.TRAINING,
            plan.model(),
            Optional.of(
                new Question.Size(
                    plan.data().examples(),
                    plan.data().tokens(),
                    kept(plan.data().training()).toFile().length()))),
        plan.data().digest(),
        job.actor(),
        chance.clock().instant());
  }

  private static JobFailedException failure(String code, String message) {
    return new JobFailedException(new JobError(code, message, Optional.empty()));
  }
}

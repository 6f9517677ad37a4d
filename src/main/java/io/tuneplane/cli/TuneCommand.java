package io.tuneplane.cli;

import io.tuneplane.api.DecisionsApi.Decided;
import io.tuneplane.api.FineTuningJob;
import io.tuneplane.api.RequestException;
import io.tuneplane.backend.HardwareWish;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.decision.Decision;
import io.tuneplane.job.Choice;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.HyperparameterChoices.LoraChoices;
import io.tuneplane.job.HyperparameterRules;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobRequest.ModelRequest;
import io.tuneplane.job.JobRequest.Placement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description = "Fine-tune a model on a data file, at the place that cost and policy choose.",
    footer = {
      "",
      "Examples:",
      "  tuneplane tune train.jsonl --model smollm2-135m-instruct --suffix support",
      "  tuneplane tune pairs.jsonl --method dpo --model"
          + " ft:smollm2-135m-instruct:default::ab12cd34",
      "  tuneplane tune train.jsonl --flag hipaa --budget 20 --dry-run",
      "  tuneplane tune --like ftjob-abc123 --backend local --model smollm2-135m-instruct",
      "",
      "Ctrl-C stops the watching, not the job: 'tuneplane jobs events ID --follow' watches again."
    })
final class TuneCommand implements Callable<Integer> {

  private final CliContext context;
  private final InstantSource clock;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private final OutputOption output = new OutputOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Training data: ChatML, Alpaca, ShareGPT, Vertex or preference pairs.")
  private @Nullable Path trainingFile;

  @Option(names = "--resume", paramLabel = "ID", description = "Go on with a paused job.")
  private @Nullable String resume;

  @Option(names = "--validation", paramLabel = "FILE", description = "Validation data.")
  private @Nullable Path validationFile;

  @ArgGroup(validate = false, heading = "%nThe model:%n")
  private final ModelOptions model = new ModelOptions();

  @ArgGroup(validate = false, heading = "%nHow it is trained (auto where not given):%n")
  private final TrainingOptions training = new TrainingOptions();

  @ArgGroup(validate = false, heading = "%nWhere it may run:%n")
  private final PlacementOptions placement = new PlacementOptions();

  @ArgGroup(validate = false, heading = "%nA job like an old one:%n")
  private final LikeOptions likeness = new LikeOptions();

  TuneCommand(CliContext context, InstantSource clock) {
    this.context = context;
    this.clock = clock;
  }

  static final class ModelOptions {
    @Option(
        names = "--model",
        paramLabel = "NAME",
        description =
            "A catalogue id, a hub id, a folder or GGUF file, or a tuned model to go on from.")
    private @Nullable String name;

    @Option(
        names = "--class",
        paramLabel = "CLASS",
        description = "A class of models instead: tiny, small or large.")
    private @Nullable String modelClass;

    @Option(
        names = "--suffix",
        paramLabel = "TEXT",
        description = "Your part of the tuned model's name: [A-Za-z0-9_-], at most 64.")
    private @Nullable String suffix;
  }

  static final class TrainingOptions {
    @Option(
        names = "--method",
        defaultValue = "supervised",
        paramLabel = "METHOD",
        description = "${COMPLETION-CANDIDATES} (default: supervised).")
    private Method method = Method.SUPERVISED;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data, 1 to 50.")
    private String epochs = "auto";

    @Option(names = "--batch-size", paramLabel = "N", description = "Examples a step, 1 to 256.")
    private String batchSize = "auto";

    @Option(
        names = "--learning-rate-multiplier",
        paramLabel = "X",
        description = "Times the model's own base learning rate.")
    private String learningRateMultiplier = "auto";

    @Option(names = "--beta", paramLabel = "X", description = "dpo only: above 0, at most 2.")
    private String beta = "auto";

    @Option(
        names = {"--lora-rank", "--adapter-size"},
        paramLabel = "N",
        description = "Rank of the adapter (8).")
    private int loraRank = LoraChoices.DEFAULT.rank();

    @Option(names = "--lora-alpha", paramLabel = "X", description = "Its scale's numerator (16).")
    private double loraAlpha = LoraChoices.DEFAULT.alpha();

    @Option(names = "--lora-dropout", paramLabel = "X", description = "Its dropout (0).")
    private double loraDropout;

    @Option(
        names = "--target-modules",
        split = ",",
        paramLabel = "NAME",
        description = "The layers that get one (all linear ones).")
    private List<String> targetModules = LoraChoices.DEFAULT.targetModules();

    @Option(names = "--rslora", description = "Scale by alpha / sqrt(rank).")
    private boolean rankStabilized;

    @Option(
        names = "--quantization",
        paramLabel = "NAME",
        description = "How the frozen weights are held while training, e.g. 4bit.")
    private @Nullable String quantization;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of order and initialisation.")
    private @Nullable Long seed;

    HyperparameterChoices choices(CommandSpec spec) {
      return new HyperparameterChoices(
          parse(spec, "--epochs", epochs, Integer::valueOf),
          parse(spec, "--batch-size", batchSize, Integer::valueOf),
          parse(spec, "--learning-rate-multiplier", learningRateMultiplier, Double::valueOf),
          parse(spec, "--beta", beta, Double::valueOf),
          new LoraChoices(loraRank, loraAlpha, loraDropout, targetModules, rankStabilized),
          Optional.ofNullable(quantization));
    }

    private static <T> Choice<T> parse(
        CommandSpec spec, String option, String text, java.util.function.Function<String, T> as) {
      try {
        return Choice.parse(text, as);
      } catch (NumberFormatException e) {
        throw new ParameterException(
            spec.commandLine(), option + ": expected a number or auto, not '" + text + "'", e);
      }
    }
  }

  static final class PlacementOptions {
    @Option(
        names = "--backend",
        defaultValue = Placement.AUTO,
        paramLabel = "NAME",
        description = "A backend's name, or auto: the best that is ready (default: auto).")
    private String backend = Placement.AUTO;

    @Option(names = "--substitutes", description = "Another model of the same class will do.")
    private boolean substitutes;

    @Option(
        names = "--flag",
        paramLabel = "FLAG",
        description = "What the data must be treated as, e.g. hipaa. Repeat for more.")
    private List<String> flags = List.of();

    @Option(names = "--budget", paramLabel = "USD", description = "The most it may cost.")
    private @Nullable String budget;

    @Option(
        names = "--monthly-requests",
        paramLabel = "N",
        description = "Forecast of requests, for the costs of serving.")
    private @Nullable Long monthlyRequests;

    @Option(
        names = "--gpus",
        paramLabel = "N",
        description = "On a cluster: GPUs in all, 0 for none (as many as it takes).")
    private @Nullable Integer gpus;

    @Option(
        names = "--nodes",
        paramLabel = "N",
        description = "On a cluster: nodes that they are spread over.")
    private @Nullable Integer nodes;

    @Option(
        names = "--gpu-type",
        paramLabel = "NAME",
        description = "On a cluster: the kind of GPU, as 'backends' names it.")
    private @Nullable String gpuType;

    @Option(names = "--skip-invalid", description = "Leave invalid examples out and say so.")
    private boolean skipInvalid;

    Placement placement() {
      return new Placement(
          backend,
          substitutes,
          new TreeSet<>(flags),
          Optional.ofNullable(budget),
          Optional.ofNullable(monthlyRequests),
          skipInvalid,
          new HardwareWish(number(gpus), number(nodes), Optional.ofNullable(gpuType)));
    }

    private static OptionalInt number(@Nullable Integer given) {
      return given == null ? OptionalInt.empty() : OptionalInt.of(given);
    }
  }

  @Option(
      names = "--follow",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Show progress while it trains (default), or only the result.")
  private boolean follow = true;

  @Option(names = "--detach", description = "Create the job, print it, and don't wait for it.")
  private boolean detach;

  @Option(names = "--metadata", paramLabel = "KEY=VALUE", description = "Your own labels.")
  private Map<String, String> metadata = Map.of();

  @Option(
      names = "--dry-run",
      description = "Decide, show the decision, and stop: nothing is started or spent.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (dryRun) {
      return likeness.given() ? decided(alike()) : decided();
    }
    FineTuningJob job = resume == null ? created() : context.api().jobs().resume(resume);
    if (detach) {
      output.print(context.terminal(), job, () -> JobText.detached(job.id()));
      return ExitCode.OK;
    }
    FineTuningJob ended = new Watching(context, clock).toTheEnd(job.id(), follow);
    output.print(context.terminal(), ended, () -> JobText.ended(ended));
    return JobText.exitCode(ended);
  }

  private JobRequest alike() throws IOException, InterruptedException {
    if (trainingFile != null || validationFile != null) {
      throw new ParameterException(spec.commandLine(), "--like takes its data from the old job");
    }
    Placement where = placement.placement();
    return likeness.request(
        context.api(),
        LikeOptions.wish(where, model.name, model.suffix),
        where,
        dryRun,
        context.terminal().err());
  }

  private FineTuningJob created() throws IOException, InterruptedException {
    if (likeness.given()) {
      return context.api().jobs().create(alike());
    }
    Path training = trainingFile();
    refuseWhatIsOutOfRange();
    Uploads uploads = new Uploads(context.api());
    JobRequest request = request(uploads.training(training), uploads.validation(validationFile));
    return context.api().jobs().create(request);
  }

  /// What can be seen without a server, before a file of gigabytes is sent to one.
  private void refuseWhatIsOutOfRange() {
    List<Problem> problems = HyperparameterRules.check(training.choices(spec));
    if (!problems.isEmpty()) {
      throw new RequestException(problems);
    }
  }

  private int decided() throws IOException {
    Path training = trainingFile();
    refuseWhatIsOutOfRange();
    Uploads uploads = new Uploads(context.api());
    try {
      return decided(request(uploads.training(training), uploads.validation(validationFile)));
    } finally {
      uploads.forget();
    }
  }

  private int decided(JobRequest request) throws IOException {
    Decided decided = context.api().decisions().decide(DryRun.of(request));
    output.print(
        context.terminal(),
        DryRun.json(decided, request.placement()),
        () ->
            DryRun.text(decided, request.placement())
                + "\n"
                + new DecisionText(decided, context.terminal()).text());
    return DryRun.found(decided.decision(), request.placement())
            .filter(Decision.Ranked::ready)
            .isPresent()
        ? ExitCode.OK
        : ExitCode.REFUSED;
  }

  private Path trainingFile() {
    if (trainingFile == null) {
      throw new ParameterException(spec.commandLine(), "a training file is missing");
    }
    return trainingFile;
  }

  private JobRequest request(String trainingId, Optional<String> validationId) {
    return new JobRequest(
        new ModelRequest(
            Optional.ofNullable(model.name),
            Optional.ofNullable(model.modelClass),
            training.method,
            training.choices(spec),
            Optional.ofNullable(training.seed),
            Optional.ofNullable(model.suffix)),
        trainingId,
        validationId,
        placement.placement(),
        metadata);
  }
}

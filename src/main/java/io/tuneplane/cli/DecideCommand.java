package io.tuneplane.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.api.DecideRequest;
import io.tuneplane.api.DecideRequest.Data;
import io.tuneplane.api.DecideRequest.Outlook;
import io.tuneplane.api.DecisionsApi.Decided;
import io.tuneplane.api.DecisionsApi.Replayed;
import io.tuneplane.backend.Method;
import io.tuneplane.cost.Horizon;
import io.tuneplane.decision.DecisionJson;
import io.tuneplane.decision.Needs;
import io.tuneplane.decision.StoredDecision;
import io.tuneplane.decision.Wish;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    name = "decide",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Where a data set would be tuned, what that would cost, why, and what would change it.",
      "",
      "Nothing is spent and nothing leaves. Exits with 3 where nothing is left."
    },
    footer = {
      "",
      "Examples:",
      "  tuneplane decide train.jsonl --monthly-requests 100000",
      "  tuneplane decide train.jsonl --model smollm2-135m-instruct --flag hipaa",
      "  tuneplane decide --replay decision-0123456789abcdef01234567"
    })
final class DecideCommand implements Callable<Integer> {

  private final CliContext context;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private final OutputOption output = new OutputOption();

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "The training file.")
  private @Nullable Path file;

  @Option(names = "--validation", paramLabel = "FILE", description = "The validation file.")
  private @Nullable Path validation;

  @Option(
      names = "--flag",
      paramLabel = "FLAG",
      split = ",",
      description = "What the data must be treated as, e.g. hipaa. The scan adds to it.")
  private List<String> flags = new ArrayList<>();

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data (auto).")
  private @Nullable Integer epochs;

  @Option(
      names = "--replay",
      paramLabel = "ID",
      description = "Decide again from a kept decision's inputs, and compare every byte.")
  private @Nullable String replay;

  @ArgGroup(validate = false, heading = "%nThe model:%n", order = 1)
  private final WishOptions wish = new WishOptions();

  @ArgGroup(validate = false, heading = "%nWhat the answer must keep to:%n", order = 2)
  private final NeedsOptions needs = new NeedsOptions();

  @ArgGroup(validate = false, heading = "%nThe forecast of requests:%n", order = 3)
  private final CostLoadOptions load = new CostLoadOptions();

  @ArgGroup(validate = false, heading = "%nHow own hardware would be used:%n", order = 4)
  private final CostOwnOptions own = new CostOwnOptions();

  DecideCommand(CliContext context) {
    this.context = context;
  }

  static final class WishOptions {
    @Option(
        names = "--model",
        paramLabel = "NAME",
        description = "This model only, wherever it can be had.")
    private @Nullable String model;

    @Option(
        names = "--class",
        paramLabel = "CLASS",
        description = "Any model of a class: tiny, small, large (default: small).")
    private @Nullable String modelClass;

    @Option(
        names = "--substitutes",
        description = "With --model: another model of its class will do.")
    private boolean substitutes;

    @Option(
        names = "--method",
        paramLabel = "METHOD",
        defaultValue = "supervised",
        description = "supervised (default) or dpo.")
    private Method method = Method.SUPERVISED;
  }

  static final class NeedsOptions {
    @Option(names = "--weights", description = "The tuned weights must be ours to take away.")
    private boolean weights;

    @Option(
        names = "--residency",
        paramLabel = "REGION",
        description = "Where the data must stay: a region, or the beginning of one.")
    private @Nullable String residency;

    @Option(
        names = "--budget",
        paramLabel = "USD",
        description = "The most that the tuning job may cost.")
    private @Nullable BigDecimal budget;

    @Option(
        names = "--deadline",
        paramLabel = "TIME",
        description = "When the tuned model must be there, e.g. 2026-12-01T12:00:00Z.")
    private @Nullable Instant deadline;

    @Option(
        names = "--horizon",
        paramLabel = "MONTHS",
        defaultValue = "" + Horizon.DEFAULT_MONTHS,
        description = "Months that totals run over (default: 12).")
    private int months = Horizon.DEFAULT_MONTHS;
  }

  @Override
  public Integer call() throws IOException {
    if (replay != null) {
      return replayed(context.api().decisions().replay(replay));
    }
    if (file == null) {
      throw new ParameterException(spec.commandLine(), "a training file is missing");
    }
    Decided decided = decide(file);
    ObjectNode json = (ObjectNode) DecisionJson.tree(decided.decision());
    json.put("id", decided.id());
    output.print(
        context.terminal(), json, () -> new DecisionText(decided, context.terminal()).text());
    return decided.decision().choice().isPresent() ? ExitCode.OK : ExitCode.REFUSED;
  }

  private Decided decide(Path training) throws IOException {
    request("", Optional.empty()); // what is wrong with the options comes before anything is sent
    Uploads uploads = new Uploads(context.api());
    try {
      return context
          .api()
          .decisions()
          .decide(request(uploads.training(training), uploads.validation(validation)));
    } finally {
      uploads.forget();
    }
  }

  private DecideRequest request(String training, Optional<String> validating) {
    try {
      return new DecideRequest(
          new Data(training, validating, flags),
          new Wish(
              Optional.ofNullable(wish.model),
              Optional.ofNullable(wish.modelClass),
              wish.substitutes),
          wish.method,
          new Needs(
              needs.weights,
              Optional.ofNullable(needs.residency),
              Optional.ofNullable(needs.budget),
              Optional.ofNullable(needs.deadline)),
          new Outlook(Optional.ofNullable(epochs), load.load(), needs.months, own.plan()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int replayed(Replayed replayed) {
    output.print(
        context.terminal(),
        replayed,
        () ->
            switch (replayed.outcome()) {
              case SAME -> replayed.id() + " comes out the same, byte for byte.";
              case DIFFERENT ->
                  replayed.id() + " comes out DIFFERENT: it was changed, or decided by a bug.";
              case OTHER_VERSION ->
                  replayed.id() + " was made by other rules than this version's: not compared.";
            });
    return replayed.outcome() == StoredDecision.Replay.SAME ? ExitCode.OK : ExitCode.FAILED;
  }
}

package io.tuneplane.cli;

import io.tuneplane.api.CostAnswer;
import io.tuneplane.api.CostRequest;
import io.tuneplane.api.CostRequest.Basis;
import io.tuneplane.api.CostRequest.Selection;
import io.tuneplane.api.DataCheckRequest;
import io.tuneplane.api.DataCheckRequest.Counting;
import io.tuneplane.api.DataCheckRequest.Thoroughness;
import io.tuneplane.api.RequestException;
import io.tuneplane.cost.Horizon;
import io.tuneplane.cost.Question;
import io.tuneplane.dataset.CheckReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    name = "cost",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "What tuning and serving would cost in each place, and from which volume on the cheaper"
          + " place changes.",
      "",
      "Every number comes from a price book with its source and day. An unknown price stays"
          + " unknown: it is never zero."
    },
    footer = {
      "",
      "Examples:",
      "  tuneplane cost --book section-13.4",
      "  tuneplane cost train.jsonl --model smollm2-135m,gpt-4o-mini",
      "  tuneplane cost --examples 10000 --tokens-per-example 500 \\",
      "      --monthly-requests 50000..100000..400000 --input-tokens 300 --output-tokens 150 \\",
      "      --growth 0.05 --html cost.html",
      "  tuneplane cost --class large --place all --examples 2000 --tokens-per-example 800"
    })
final class CostCommand implements Callable<Integer> {

  private final CliContext context;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private final OutputOption output = new OutputOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Training data: its valid examples and their tokens are what is trained.")
  private @Nullable Path data;

  @ArgGroup(validate = false, heading = "%nWhat is trained:%n", order = 1)
  private final CostVolumeOptions volume = new CostVolumeOptions();

  @ArgGroup(validate = false, heading = "%nThe forecast of requests:%n", order = 2)
  private final CostLoadOptions load = new CostLoadOptions();

  @ArgGroup(validate = false, heading = "%nWhat is compared:%n", order = 3)
  private final CompareOptions compare = new CompareOptions();

  @ArgGroup(validate = false, heading = "%nHow own hardware would be used:%n", order = 4)
  private final CostOwnOptions own = new CostOwnOptions();

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the answer as one HTML page, too.")
  private @Nullable Path html;

  CostCommand(CliContext context) {
    this.context = context;
  }

  static final class CompareOptions {
    @Option(
        names = "--book",
        paramLabel = "BOOK",
        defaultValue = Basis.DEFAULT_BOOK,
        description = {
          "'tuneplane' (default), 'section-13.4', or a file that is laid over the first."
        })
    private String book = Basis.DEFAULT_BOOK;

    @Option(
        names = "--class",
        paramLabel = "CLASS",
        description = "Models of a class: tiny, small, large (default: small).")
    private @Nullable String modelClass;

    @Option(
        names = "--model",
        paramLabel = "NAME",
        split = ",",
        description = "These models only, wherever they can be had.")
    private List<String> models = new ArrayList<>();

    @Option(
        names = "--horizon",
        paramLabel = "MONTHS",
        defaultValue = "" + Horizon.DEFAULT_MONTHS,
        description = "Months that totals run over (default: 12).")
    private int months = Horizon.DEFAULT_MONTHS;

    @Option(
        names = "--seed",
        paramLabel = "N",
        defaultValue = "" + Question.DEFAULT_SEED,
        description = "Of the simulation that ranges and growth go through.")
    private long seed = Question.DEFAULT_SEED;
  }

  @Override
  public Integer call() throws IOException {
    CostAnswer answer = answer();
    if (html != null) {
      Files.writeString(html, new CostPage(answer).html());
      context.terminal().err().println("Written to " + html);
    }
    output.print(context.terminal(), answer, () -> new CostText(answer).text());
    return ExitCode.OK;
  }

  private CostAnswer answer() throws IOException {
    try {
      return context.api().costs().compare(request());
    } catch (RequestException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Optional<CheckReport> check() throws IOException {
    if (data == null) {
      return Optional.empty();
    }
    DataProgress progress = new DataProgress(context.terminal());
    DataCheckRequest request =
        new DataCheckRequest(
            data,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new Counting(true, Optional.empty(), OptionalInt.empty()),
            new Thoroughness(false, 0));
    CheckReport report = context.api().data().check(request, progress).training();
    progress.end();
    return Optional.of(report);
  }

  private CostRequest request() throws IOException {
    try {
      return new CostRequest(
          new Basis(compare.book, compare.months, compare.seed),
          volume.volume(check()),
          load.load(),
          new Selection(compare.models, Optional.ofNullable(compare.modelClass), own.places()),
          own.plan());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}

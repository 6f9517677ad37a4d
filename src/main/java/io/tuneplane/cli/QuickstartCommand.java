package io.tuneplane.cli;

import io.tuneplane.api.FineTuningJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description = {
      "The tour: check data, decide, tune a real model on this machine, ask it before and after,"
          + " and see costs and breakeven.",
      "",
      "Takes a few minutes and no account. Fetches the model the first time."
    })
final class QuickstartCommand implements Callable<Integer> {

  private final CliContext context;
  private final InstantSource clock;
  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "smollm2-135m-instruct",
      description = "The model to tune (default: ${DEFAULT-VALUE}).")
  private String model = "";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "2",
      description = "Passes over the data (default: ${DEFAULT-VALUE}).")
  private int epochs;

  QuickstartCommand(CliContext context, InstantSource clock) {
    this.context = context;
    this.clock = clock;
  }

  /// What the tour showed, for programs.
  ///
  /// @param decision under which id the decision is kept
  /// @param answers each question with the answer before and after
  /// @param knownBefore how many planted facts the base model knew, or guessed
  /// @param recalled how many the tuned model knew
  /// @param asked how many there were
  record Toured(
      FineTuningJob job,
      String decision,
      List<TourAnswer> answers,
      long knownBefore,
      long recalled,
      long asked) {}

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("tuneplane-quickstart");
    try {
      Tour tour = new Tour(context, new Watching(context, clock), folder);
      Toured toured = tour.run(model, epochs);
      output.print(context.terminal(), toured, tour::farewell);
      if (!toured.job().status().equals("succeeded")) {
        return JobText.exitCode(toured.job());
      }
      return toured.recalled() > 0 ? ExitCode.OK : ExitCode.FAILED;
    } finally {
      TourData.remove(folder);
    }
  }
}

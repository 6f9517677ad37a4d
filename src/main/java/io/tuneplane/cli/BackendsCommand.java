package io.tuneplane.cli;

import io.tuneplane.api.BackendCard;
import io.tuneplane.api.ProviderTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "backends",
    mixinStandardHelpOptions = true,
    description =
        "The places: whether they take a job now and until when, what they can do, when their models"
            + " stop.")
final class BackendsCommand implements Callable<Integer> {

  private final CliContext context;

  @Option(
      names = "--compare",
      description = "The providers side by side instead, from the price book.")
  private boolean compare;

  @Option(
      names = "--book",
      paramLabel = "BOOK",
      defaultValue = "tuneplane",
      description =
          "With --compare: tuneplane for today's facts (default), section-13.4 for those of the text"
              + " that Tuneplane was asked for from.")
  private String book = "tuneplane";

  @Mixin private final OutputOption output = new OutputOption();

  BackendsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (compare) {
      ProviderTable table = context.api().backends().compare(book);
      output.print(context.terminal(), table, () -> ProviderText.of(table));
    } else {
      List<BackendCard> places = context.api().backends().list();
      output.print(context.terminal(), places, () -> BackendText.of(places));
    }
    return ExitCode.OK;
  }
}

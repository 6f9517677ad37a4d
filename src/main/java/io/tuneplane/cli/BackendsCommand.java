package io.tuneplane.cli;

import io.tuneplane.api.BackendCard;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "backends",
    mixinStandardHelpOptions = true,
    description = "The places, whether they take a job now, and what they can do.")
final class BackendsCommand implements Callable<Integer> {

  private final CliContext context;
  @Mixin private final OutputOption output = new OutputOption();

  BackendsCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<BackendCard> places = context.api().backends().list();
    output.print(context.terminal(), places, () -> table(places));
    return ExitCode.OK;
  }

  private static String table(List<BackendCard> places) {
    Table table = new Table("BACKEND", "LOCATION", "STATE", "METHODS", "WEIGHTS", "DETAIL");
    for (BackendCard place : places) {
      table.row(
          place.name(),
          place.location(),
          place.state().replace('_', ' '),
          String.join(", ", place.methods()),
          place.weightsAvailable() ? "yours" : "stay there",
          place.detail().orElse(""));
    }
    return table.toString();
  }
}

package io.tuneplane.cli;

import io.tuneplane.migration.ImportReport;
import io.tuneplane.migration.ImportReport.Line;
import io.tuneplane.migration.ImportReport.Outcome;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = "Take over what an account holds while it is there: jobs, files, events, models.",
    footer = {
      "",
      "Nothing is changed in the account. Run it as often as you like: what is here stays, and a",
      "job that has moved on is brought up to date. Then:",
      "  tuneplane tune --like ftjob-abc123 --backend local --model smollm2-135m-instruct"
    })
final class ImportCommand implements Callable<Integer> {

  private final CliContext context;
  @Mixin private final OutputOption output = new OutputOption();

  @Parameters(paramLabel = "PLACE", description = "Whose account: openai.")
  private String place = "";

  ImportCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    ImportReport report = context.api().migrations().importFrom(place);
    output.print(context.terminal(), report, () -> text(report));
    return ExitCode.OK;
  }

  private static String text(ImportReport report) {
    Table table = new Table("JOB", "", "STATUS", "MODEL", "NOTES");
    for (Line line : report.jobs()) {
      table.row(
          line.id(), line.outcome(), line.status(), line.model(), String.join("; ", line.notes()));
    }
    return "%s%n%d added, %d updated, %d unchanged, %d skipped; %d files brought%n"
        .formatted(
            table,
            report.count(Outcome.ADDED),
            report.count(Outcome.UPDATED),
            report.count(Outcome.UNCHANGED),
            report.count(Outcome.SKIPPED),
            report.files());
  }
}

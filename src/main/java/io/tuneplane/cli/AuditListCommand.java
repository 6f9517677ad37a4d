package io.tuneplane.cli;

import io.tuneplane.policy.AuditLine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "The newest lines of the audit log, oldest first.")
final class AuditListCommand implements Callable<Integer> {

  private final CliContext context;
  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "50",
      description = "How many lines at most (default: 50).")
  private int limit = 50;

  AuditListCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<AuditLine> lines = context.api().audit().newest(limit);
    output.print(context.terminal(), lines, () -> table(lines));
    return ExitCode.OK;
  }

  private static String table(List<AuditLine> lines) {
    Table table = new Table(">LINE", "AT", "WHAT", "PLACE", "FOR", "FLAGS", "RULE");
    for (AuditLine line : lines) {
      Map<String, String> fields = line.event().fields();
      table.row(
          line.head().seq(),
          line.event().at(),
          line.event().kind().wireName(),
          fields.getOrDefault("destination", ""),
          fields.getOrDefault("purpose", fields.getOrDefault("endpoint", "")),
          fields.getOrDefault("flags", fields.getOrDefault("flag", "")),
          fields.getOrDefault("rule", fields.getOrDefault("document", "")));
    }
    return table.toString();
  }
}

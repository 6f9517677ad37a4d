package io.tuneplane.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "The audit log: where data was allowed to go, and where it was not.")
final class AuditCommand implements Runnable {

  private AuditCommand() {}

  static CommandLine with(CliContext context) {
    return new CommandLine(new AuditCommand())
        .addSubcommand(new AuditVerifyCommand(context))
        .addSubcommand(new AuditListCommand(context));
  }

  @Override
  public void run() {
    throw new CliException(ExitCode.USAGE, "which? Try 'tuneplane audit --help'.");
  }
}

package io.tuneplane.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "attestations",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "An administrator's leave for flagged data to go to a place.")
final class AttestationsCommand implements Runnable {

  private AttestationsCommand() {}

  static CommandLine with(CliContext context) {
    return new CommandLine(new AttestationsCommand())
        .addSubcommand(new AttestationsAddCommand(context))
        .addSubcommand(new AttestationsListCommand(context));
  }

  @Override
  public void run() {
    throw new CliException(ExitCode.USAGE, "which? Try 'tuneplane attestations --help'.");
  }
}

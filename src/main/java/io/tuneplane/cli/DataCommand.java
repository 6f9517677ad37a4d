package io.tuneplane.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Check, convert and scan training data.")
final class DataCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private DataCommand() {}

  /// The command with its subcommands.
  static CommandLine with(CliContext context) {
    return new CommandLine(new DataCommand())
        .addSubcommand(new DataCheckCommand(context))
        .addSubcommand(new DataConvertCommand(context))
        .addSubcommand(new DataScanCommand(context));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say check, convert or scan");
  }
}

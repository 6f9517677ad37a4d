package io.tuneplane.cli;

import java.time.InstantSource;
import picocli.CommandLine;

/// Every command, in the order in which help lists them. One line a command.
final class Commands {

  private Commands() {}

  static void addTo(CommandLine root, CliContext context, Serving serving, InstantSource clock) {
    root.addSubcommand(new QuickstartCommand(context, clock));
    root.addSubcommand(DataCommand.with(context));
    root.addSubcommand(new CostCommand(context));
    root.addSubcommand(new DecideCommand(context));
    root.addSubcommand(new TuneCommand(context, clock));
    root.addSubcommand(JobsCommand.with(context, clock));
    root.addSubcommand(new ImportCommand(context));
    root.addSubcommand(new FilesCommand(context));
    root.addSubcommand(new ModelsCommand(context));
    root.addSubcommand(new ChatCommand(context));
    root.addSubcommand(new ServeCommand(context, serving));
    root.addSubcommand(KeysCommand.with(context));
    root.addSubcommand(new BackendsCommand(context));
    root.addSubcommand(AttestationsCommand.with(context));
    root.addSubcommand(AuditCommand.with(context));
    root.addSubcommand(new CompletionCommand(context));
  }
}

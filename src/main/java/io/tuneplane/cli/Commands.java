package io.tuneplane.cli;

import picocli.CommandLine;

/// Every command, in the order in which help lists them. One line a command.
final class Commands {

  private Commands() {}

  static void addTo(CommandLine root, CliContext context) {
    root.addSubcommand(new CompletionCommand(context));
  }
}

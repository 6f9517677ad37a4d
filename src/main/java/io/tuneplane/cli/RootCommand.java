package io.tuneplane.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "tuneplane",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "One fine-tuning API for OpenAI, Vertex AI, your own GPUs and this machine.",
    footer = {
      "",
      "Start with:  tuneplane quickstart",
      "",
      "Exit codes:  0 done, 1 failed, 2 usage, 3 refused by policy, limit or budget,"
          + " 4 key needed"
    })
final class RootCommand implements Runnable {

  @Mixin private final GlobalOptions options;

  @Spec private CommandSpec spec = CommandSpec.create();

  RootCommand(GlobalOptions options) {
    this.options = options;
  }

  boolean verbose() {
    return options.verbose();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}

package io.tuneplane.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import picocli.CommandLine;

/// The command line: builds the commands, runs one, and turns what it throws into a message and an
/// exit code.
public final class Cli {

  private final Terminal terminal;
  private final Connection connect;
  private final Serving serving;
  private final InstantSource clock;

  /// Makes a command line over a terminal.
  ///
  /// @param connect makes the [io.tuneplane.api.Api] when a command first asks for it
  /// @param serving runs a server, for the command that asks for one
  public Cli(Terminal terminal, Connection connect, Serving serving, InstantSource clock) {
    this.terminal = terminal;
    this.connect = connect;
    this.serving = serving;
    this.clock = clock;
  }

  /// Runs one command and returns its exit code.
  public int run(String... args) {
    GlobalOptions options = new GlobalOptions();
    try (CliContext context = new CliContext(terminal, options, connect)) {
      return commandLine(options, context).execute(args);
    }
  }

  private CommandLine commandLine(GlobalOptions options, CliContext context) {
    CommandLine root = new CommandLine(new RootCommand(options));
    Commands.addTo(root, context, serving, clock);
    // Applies to the subcommands added so far, so it comes after them.
    root.setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
        .setUsageHelpWidth(Math.clamp(terminal.columns(), 60, 120))
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi()))
        .setParameterExceptionHandler(this::usage)
        .setExecutionExceptionHandler(
            (e, command, parsed) -> Errors.report(e, terminal, options.verbose()));
    return root;
  }

  private CommandLine.Help.Ansi ansi() {
    return terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
  }

  private int usage(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    terminal.err().println("tuneplane: " + e.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, terminal.err())) {
      terminal.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitCode.USAGE;
  }
}

package io.tuneplane.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Serve the OpenAI-compatible API and run jobs until asked to end (Ctrl-C, SIGTERM).",
      "",
      "Prints one line when it is ready. The first start makes an administrator's key: shown on a"
          + " terminal, else in a file that only you can read, whose path is printed."
    },
    footer = {
      "",
      "Examples:",
      "  tuneplane serve",
      "  tuneplane serve --port 0 --data-dir /srv/tuneplane",
      "  TUNEPLANE_SERVER_TLS_CERT=cert.pem TUNEPLANE_SERVER_TLS_KEY=key.pem \\",
      "      tuneplane serve --host 0.0.0.0"
    })
final class ServeCommand implements Callable<Integer> {

  private static final int HIGHEST_PORT = 65_535;

  private final CliContext context;
  private final Serving serving;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Where to listen (127.0.0.1: this machine only).")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port, 0 for one that is free (8686).")
  private @Nullable Integer port;

  @Option(
      names = "--idle-exit",
      paramLabel = "TIME",
      description = "End after so long with no job and no request, e.g. 60s (never).")
  private @Nullable String idleExit;

  @Option(
      names = "--insecure-plain-http",
      description =
          "Serve an address that others can reach without TLS: keys and prompts can then"
              + " be read on the way.")
  private boolean plainText;

  ServeCommand(CliContext context, Serving serving) {
    this.context = context;
    this.serving = serving;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (port != null && (port < 0 || port > HIGHEST_PORT)) {
      throw new ParameterException(spec.commandLine(), "--port: expected 0 to " + HIGHEST_PORT);
    }
    serving.serve(
        context.options(),
        new ServeOptions(Optional.ofNullable(host), Optional.ofNullable(port), idle(), plainText),
        context.terminal());
    return ExitCode.OK;
  }

  private Optional<Duration> idle() {
    try {
      return Optional.ofNullable(idleExit).map(Times::parse);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--idle-exit: " + e.getMessage(), e);
    }
  }
}

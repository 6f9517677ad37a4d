package io.tuneplane;

import io.tuneplane.cli.Cli;
import io.tuneplane.cli.Terminal;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Starts a command.
public final class Main {

  private static final int DEFAULT_COLUMNS = 100;

  private Main() {}

  /// Runs the command line and exits with its code.
  ///
  /// @param args the command line
  public static void main(String[] args) {
    Map<String, String> environment = System.getenv();
    System.exit(
        new Cli(terminal(environment), Client::connect, ServerRun::serve, InstantSource.system())
            .run(args));
  }

  private static Terminal terminal(Map<String, String> environment) {
    // System.console() says since JDK 22 whether both ends are a terminal only through
    // isTerminal().
    boolean interactive =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Terminal(
        System.in,
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        interactive,
        interactive && environment.getOrDefault("NO_COLOR", "").isEmpty(),
        columns(environment));
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private static int columns(Map<String, String> environment) {
    String columns = environment.getOrDefault("COLUMNS", "");
    return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : DEFAULT_COLUMNS;
  }
}

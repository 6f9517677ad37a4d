package io.tuneplane.cli;

import io.tuneplane.api.Api;
import org.jspecify.annotations.Nullable;

/// What every command is given: the terminal, and the [Api], connected when first asked for, so
/// that `--help` and `--version` start nothing.
final class CliContext implements AutoCloseable {

  private final Terminal terminal;
  private final GlobalOptions options;
  private final Connection connect;
  private @Nullable Api api;

  CliContext(Terminal terminal, GlobalOptions options, Connection connect) {
    this.terminal = terminal;
    this.options = options;
    this.connect = connect;
  }

  Terminal terminal() {
    return terminal;
  }

  GlobalOptions options() {
    return options;
  }

  Api api() {
    Api connected = api;
    if (connected == null) {
      connected = connect.connect(options, new FetchDisplay(terminal));
      api = connected;
    }
    return connected;
  }

  @Override
  public void close() {
    if (api != null) {
      api.close();
    }
  }
}

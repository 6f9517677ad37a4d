package io.tuneplane.cli;

import java.io.IOException;

/// Runs a server in this process.
@FunctionalInterface
public interface Serving {

  /// Runs it until it is asked to end, or has been idle long enough.
  ///
  /// @throws IOException if the data directory can't be used, or the address
  void serve(GlobalOptions options, ServeOptions serve, Terminal terminal)
      throws IOException, InterruptedException;
}

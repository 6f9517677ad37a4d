package io.tuneplane.cli;

import io.tuneplane.api.Api;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

/// A command that ran in this process: its exit code and what it printed.
record Ran(int exit, String out, String err) {

  private static final int COLUMNS = 100;
  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-11-24T09:00:00Z"));

  static Ran with(Api api, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]), stream(out), stream(err), false, false, COLUMNS);
    int exit = new Cli(terminal, (_, _) -> api, (_, _, _) -> {}, NOW).run(args);
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}

package io.tuneplane.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Options that every command takes.
public final class GlobalOptions {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "Where jobs, models and the audit log are kept (or TUNEPLANE_DATA_DIR).")
  private @Nullable Path dataDir;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Settings file (or TUNEPLANE_CONFIG).")
  private @Nullable Path config;

  @Option(
      names = "--url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = {
        "A server elsewhere (or TUNEPLANE_URL), with the key in TUNEPLANE_API_KEY. Without it: the"
            + " data directory's own, which is started in the background where none runs."
      })
  private @Nullable URI url;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Print the stack of an error.")
  private boolean verbose;

  /// The data directory, where given.
  public Optional<Path> dataDir() {
    return Optional.ofNullable(dataDir);
  }

  /// The settings file, where given.
  public Optional<Path> config() {
    return Optional.ofNullable(config);
  }

  /// A server elsewhere, where given.
  public Optional<URI> url() {
    return Optional.ofNullable(url);
  }

  /// Whether errors are printed with their stack.
  public boolean verbose() {
    return verbose;
  }
}

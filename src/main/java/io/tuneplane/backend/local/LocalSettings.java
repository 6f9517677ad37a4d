package io.tuneplane.backend.local;

import io.tuneplane.config.Settings;
import java.nio.file.Path;

/// How this machine is used.
///
/// @param directory where runs, deployments and measurements of this machine are kept
/// @param machine threads, memory, spinning and the precision of served models
public record LocalSettings(Path directory, Settings.Local machine) {

  public LocalSettings {
    directory = directory.toAbsolutePath().normalize();
  }

  Path runs() {
    return directory.resolve("runs");
  }
}

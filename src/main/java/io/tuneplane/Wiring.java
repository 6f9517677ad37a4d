package io.tuneplane;

import io.tuneplane.api.Api;
import io.tuneplane.cli.GlobalOptions;
import io.tuneplane.config.Settings;
import io.tuneplane.config.SettingsReader;

/// The composition root: from settings to a whole Tuneplane, by constructors, top to bottom.
final class Wiring {

  private Wiring() {}

  /// Connects a command to Tuneplane.
  static Api connect(GlobalOptions options) {
    Settings settings =
        SettingsReader.read(
            System.getenv(),
            options.config(),
            options.dataDir(),
            Runtime.getRuntime().availableProcessors());
    throw new UnsupportedOperationException("not wired yet: " + settings);
  }
}

package io.tuneplane.backend.openai;

import io.tuneplane.config.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How this place is reached. The key is not in here: see [KeySource].
///
/// @param baseUrl the API's address, e.g. `https://api.openai.com/v1`
/// @param organization whose account is billed, where the key belongs to several
/// @param project the project in that account
/// @param models the base models that the host tunes; empty for those of the price book
/// @param privateAddresses addresses that are not public and may be connected to all the same
/// @param consistencyWindow how long a job that was created may be missing from the list of jobs
/// @param directory where is kept what creating a job answered last, and what was taken out of
///   service
public record OpenAiSettings(
    URI baseUrl,
    Optional<String> organization,
    Optional<String> project,
    List<String> models,
    Set<InetAddress> privateAddresses,
    Duration consistencyWindow,
    Path directory) {

  /// The backend's name.
  public static final String NAME = "openai";

  public OpenAiSettings {
    models = List.copyOf(models);
    privateAddresses = Set.copyOf(privateAddresses);
  }

  /// What the settings say, the key apart.
  ///
  /// @param directory where this backend keeps what it must remember
  public static OpenAiSettings of(Settings.OpenAi settings, Path directory) {
    return new OpenAiSettings(
        settings.baseUrl(),
        settings.organization(),
        settings.project(),
        settings.models(),
        Set.copyOf(settings.privateAddresses()),
        settings.consistencyWindow(),
        directory);
  }

  /// Whether this is OpenAI itself, whose prices, limits and end dates the price book holds.
  boolean official() {
    String host = baseUrl.getHost().toLowerCase(Locale.ROOT);
    return host.equals("api.openai.com") || host.endsWith(".api.openai.com");
  }
}

package io.tuneplane.runner.remote;

import io.tuneplane.runner.RunnerException.WrongInput;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How a pod is started: the variables of `docs/runner-http.md`.
///
/// @param url the control plane
/// @param mark the run's mark
/// @param token the file that holds the token
/// @param ca authorities to trust in place of the system's
/// @param folder where the runner works
/// @param models a folder with base models
/// @param patience how long is waited for a silent control plane, before the work and after it
public record RemoteSettings(
    URI url,
    String mark,
    Path token,
    Optional<Path> ca,
    Path folder,
    Optional<Path> models,
    Duration patience) {

  /// How long is waited, where nothing else is said.
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  /// Reads the variables.
  ///
  /// @throws WrongInput if one is missing or wrong; says which
  public static RemoteSettings of(Map<String, String> environment) {
    String mark = needed(environment, "TUNEPLANE_MARK");
    if (!mark.matches("[a-z0-9-]{1,63}")) {
      throw new WrongInput("TUNEPLANE_MARK: a mark is [a-z0-9-], 1 to 63 characters");
    }
    return new RemoteSettings(
        url(needed(environment, "TUNEPLANE_URL")),
        mark,
        Path.of(needed(environment, "TUNEPLANE_TOKEN_FILE")),
        optional(environment, "TUNEPLANE_CA_FILE").map(Path::of),
        Path.of(needed(environment, "TUNEPLANE_DIR")).resolve("run").toAbsolutePath(),
        optional(environment, "TUNEPLANE_MODELS").map(Path::of),
        patience(optional(environment, "TUNEPLANE_PATIENCE_SECONDS")));
  }

  private static String needed(Map<String, String> environment, String name) {
    return optional(environment, name)
        .orElseThrow(() -> new WrongInput(name + ": must be set, see docs/runner-http.md"));
  }

  private static Optional<String> optional(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /// A token goes over an encrypted connection, or does not leave this machine.
  private static URI url(String text) {
    URI url;
    try {
      url = URI.create(text.replaceFirst("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new WrongInput("TUNEPLANE_URL: is no address: " + text, e);
    }
    boolean secure = "https".equals(url.getScheme());
    boolean here = "http".equals(url.getScheme()) && LOOPBACK.contains(url.getHost());
    if (url.getHost() == null || !(secure || here)) {
      throw new WrongInput(
          "TUNEPLANE_URL: must be https://..., or http:// to this machine itself, not " + text);
    }
    return url;
  }

  private static Duration patience(Optional<String> seconds) {
    if (seconds.isEmpty()) {
      return PATIENCE;
    }
    if (!seconds.get().matches("[0-9]{1,6}")) {
      throw new WrongInput("TUNEPLANE_PATIENCE_SECONDS: must be a number of seconds");
    }
    return Duration.ofSeconds(Long.parseLong(seconds.get()));
  }
}

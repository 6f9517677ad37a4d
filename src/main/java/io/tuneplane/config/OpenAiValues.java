package io.tuneplane.config;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Parses the settings of OpenAI as a backend.
final class OpenAiValues {

  /// The settings.
  static final Set<String> KEYS =
      Set.of(
          "openai.base_url",
          "openai.api_key",
          "openai.organization",
          "openai.project",
          "openai.models",
          "openai.private_addresses",
          "openai.consistency_minutes");

  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");
  private static final long MOST_MINUTES = 24 * 60;

  private OpenAiValues() {}

  /// An address that the key may be sent to: encrypted, unless it stays on this machine.
  static URI baseUrl(String text) {
    URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    String scheme = String.valueOf(uri.getScheme());
    boolean encrypted = scheme.equals("https");
    boolean stays = scheme.equals("http") && THIS_MACHINE.contains(String.valueOf(uri.getHost()));
    if (uri.getHost() == null || uri.getUserInfo() != null || !(encrypted || stays)) {
      throw new IllegalArgumentException(
          "expected an https address, or an http one on 127.0.0.1, not \"" + text + "\"");
    }
    return uri;
  }

  static List<String> names(String text) {
    return Stream.of(text.split(",", -1)).map(String::strip).filter(t -> !t.isEmpty()).toList();
  }

  /// Addresses as numbers: a name would have to be looked up, and may come to mean another.
  static List<InetAddress> addresses(String text) {
    return names(text).stream().map(InetAddress::ofLiteral).toList();
  }

  static Duration minutes(String text) {
    long minutes = Long.parseLong(text);
    if (minutes < 0 || minutes > MOST_MINUTES) {
      throw new IllegalArgumentException("expected 0 to " + MOST_MINUTES + ", not " + text);
    }
    return Duration.ofMinutes(minutes);
  }
}

package io.tuneplane.config;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The address of a PostgreSQL, as `postgresql://user:password@host:port/database?sslmode=require`.
/// What it prints never has the password.
///
/// @param jdbc the address for the driver, without user and password
/// @param user who connects; empty for the operating system's user
/// @param password with what
public record DatabaseUrl(String jdbc, Optional<String> user, Optional<String> password) {

  private static final String EXPECTED =
      "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or nothing for SQLite";

  /// Reads an address.
  ///
  /// @throws IllegalArgumentException if it is none; the message doesn't repeat it, since it may
  ///   have a password
  public static DatabaseUrl parse(String text) {
    URI uri = uri(text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text);
    boolean postgres = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
    if (!postgres || uri.getHost() == null || uri.getPath() == null || uri.getPath().length() < 2) {
      throw new IllegalArgumentException(EXPECTED);
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    if (uri.getRawQuery() != null && uri.getRawQuery().contains("password=")) {
      throw new IllegalArgumentException(EXPECTED);
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    Optional<String> who = Optional.ofNullable(uri.getRawUserInfo());
    return new DatabaseUrl(
        "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query,
        who.map(info -> decoded(info.split(":", 2)[0])),
        who.filter(info -> info.contains(":")).map(info -> decoded(info.split(":", 2)[1])));
  }

  /// The same address, with this password.
  public DatabaseUrl withPassword(String secret) {
    return new DatabaseUrl(jdbc, user, Optional.of(secret));
  }

  @Override
  public String toString() {
    return jdbc.substring("jdbc:".length());
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException _) {
      // Its message would repeat the text, and the password with it.
      throw new IllegalArgumentException(EXPECTED);
    }
  }

  // A plus sign stands for itself here, unlike in a form.
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}

package io.tuneplane.http;

import java.time.Duration;
import java.util.List;

/// Where the server listens, and the bounds that it holds its clients to.
///
/// @param host the address; loopback unless an operator says otherwise
/// @param port the port; 0 for one that is free
/// @param sizes bounds on what is sent
/// @param crowd bounds on how much goes on at once
/// @param times bounds on how long things take
public record HttpSettings(String host, int port, Sizes sizes, Crowd crowd, Times times) {

  /// The usual port.
  public static final int DEFAULT_PORT = 8686;

  /// The usual address.
  public static final String LOOPBACK = "127.0.0.1";

  private static final String LOOPBACK_6 = "::1";
  private static final long MEGABYTE = 1024L * 1024;

  /// Bounds on what is sent.
  ///
  /// @param fileBytes of an uploaded file: 512 MB, as OpenAI's
  /// @param bodyBytes of a JSON body
  /// @param headerBytes of all headers together
  /// @param messages in a conversation
  public record Sizes(long fileBytes, int bodyBytes, int headerBytes, int messages) {
    /// What is usual.
    public static final Sizes USUAL =
        new Sizes(512 * MEGABYTE, (int) (4 * MEGABYTE), 16 * 1024, 2048);
  }

  /// Bounds on how much goes on at once.
  ///
  /// @param connections that are open
  /// @param chats that are being answered
  /// @param followers of jobs
  public record Crowd(int connections, int chats, int followers) {
    /// What is usual.
    public static final Crowd USUAL = new Crowd(10_000, 256, 2_000);
  }

  /// Bounds on how long things take.
  ///
  /// @param read the longest silence of a client within a body, and the longest time that a request
  ///   line and headers may take altogether
  /// @param body the longest time that a JSON body may take altogether
  /// @param idle how long a connection is kept between requests
  /// @param probe how often a silent stream is tried, to see whether its reader is still there
  /// @param retries how long a retry without an idempotency key is known as one
  public record Times(
      Duration read, Duration body, Duration idle, Duration probe, Duration retries) {
    /// What is usual.
    public static final Times USUAL =
        new Times(
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofMillis(500),
            Duration.ofMinutes(10));
  }

  /// The usual bounds.
  public static HttpSettings on(String host, int port) {
    return new HttpSettings(host, port, Sizes.USUAL, Crowd.USUAL, Times.USUAL);
  }

  /// Whether only this machine can reach it.
  public boolean loopback() {
    return List.of(LOOPBACK, LOOPBACK_6, "localhost").contains(host);
  }

  /// The address that a client on this machine connects to: `0.0.0.0` and `::` are every address of
  /// the machine, and none to connect to.
  String reachable() {
    return switch (host) {
      case "0.0.0.0" -> LOOPBACK;
      case "::", "0:0:0:0:0:0:0:0" -> LOOPBACK_6;
      default -> host;
    };
  }
}

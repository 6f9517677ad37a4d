package io.tuneplane.http;

import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// Reads bodies: of bounded length, in bounded time.
final class Bodies {

  private static final int CHUNK = 8192;

  private Bodies() {}

  /// @param mostBytes its greatest length
  /// @param longest how long all of it may take: who sends a byte every few seconds is not waited
  ///   for
  /// @throws Refusal if it is longer, or takes longer
  static byte[] read(ServerRequest request, int mostBytes, Duration longest, Stalls stalls)
      throws IOException {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    long deadline = System.nanoTime() + longest.toNanos();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    // Not closed: that would wait for the rest.
    InputStream in = stalls.watched(request.content().inputStream());
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      body.write(chunk, 0, n);
      if (body.size() > mostBytes) {
        throw Refusal.of(
            413, "body_too_large", "The body is longer than %d bytes.".formatted(mostBytes));
      }
      if (System.nanoTime() - deadline > 0) {
        throw Refusal.of(408, "too_slow", "The body took too long to arrive.");
      }
    }
    return body.toByteArray();
  }
}

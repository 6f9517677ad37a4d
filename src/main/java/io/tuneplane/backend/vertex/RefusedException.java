package io.tuneplane.backend.vertex;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Vertex AI answered with an error. An I/O error for Google's client, which passes it on; what the
/// client's own exception drops (`Retry-After`) is kept.
final class RefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String status;
  private final String words;
  private final transient Optional<Duration> retryAfter;

  RefusedException(int code, String status, String words, Optional<Duration> retryAfter) {
    super(code + " " + status + ": " + words);
    this.code = code;
    this.status = status;
    this.words = words;
    this.retryAfter = retryAfter;
  }

  /// The HTTP status.
  int code() {
    return code;
  }

  /// Google's name of the error, e.g. `INVALID_ARGUMENT`.
  String status() {
    return status;
  }

  /// Google's own words.
  String words() {
    return words;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}

package io.tuneplane.access;

import java.time.Duration;
import java.time.Instant;

/// Keeps answers to requests that must take effect once, by organisation and idempotency key. Safe
/// for many threads and processes.
public interface Replies {

  /// An answer, as it was given.
  ///
  /// @param status the HTTP status
  /// @param body its body
  record Reply(int status, String body) {}

  /// What is known of a request.
  sealed interface Claim {

    /// It is new, and the caller's to carry out: then [#keep], or [#release] if it failed in a way
    /// that may be tried again.
    record Mine() implements Claim {}

    /// It was carried out.
    record Done(Reply reply) implements Claim {}

    /// Somebody is at it.
    record Busy() implements Claim {}

    /// The key was used for another request.
    record Other() implements Claim {}
  }

  /// Claims a request. A claim that was neither kept nor released within `patience` is free again.
  ///
  /// @param fingerprint SHA-256 of method, path and body
  Claim claim(String organisation, String key, String fingerprint, Duration patience, Instant now);

  /// Keeps the answer to a claimed request.
  void keep(String organisation, String key, Reply reply);

  /// Gives a claim back.
  void release(String organisation, String key);

  /// Forgets what was claimed before `until`.
  void forget(Instant until);
}

package io.tuneplane.http;

import io.tuneplane.access.Caller;
import io.tuneplane.access.Replies;
import io.tuneplane.access.Replies.Claim;
import io.tuneplane.access.Replies.Reply;
import io.tuneplane.api.Json;
import io.tuneplane.job.Pause;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Carries a request out once under its `Idempotency-Key`, however often it is sent. Safe for many
/// threads; the kept answers are shared by all servers of a database. A request that failed took no
/// effect, and leaves its key free. Requests for jobs don't come here: which request made a job is
/// kept with the job.
final class Once {

  /// How long a request that nobody finished keeps its key: its server has died.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /// Tells that an answer was given before.
  static final Map<String, String> REPLAYED = Map.of("Idempotent-Replayed", "true");

  private final Replies replies;
  private final InstantSource clock;
  private final Pause pause;

  Once(Replies replies, InstantSource clock, Pause pause) {
    this.replies = replies;
    this.clock = clock;
    this.pause = pause;
  }

  /// A request that takes effect.
  ///
  /// @param key its idempotency key, if it has one
  /// @param retry whether the sender says that it tries again
  /// @param fingerprint of what it asks for
  record Request(Caller caller, Optional<String> key, boolean retry, String fingerprint) {

    String scope() {
      return caller.organisation();
    }

    /// Two keys of one organisation don't share what they name.
    String name() {
      return caller.keyId() + ":" + key.orElseThrow();
    }
  }

  /// Does the work.
  interface Work {
    Answer.Body run() throws IOException;
  }

  /// Carries out a request with a key.
  Answer.Body withKey(Request request, boolean secret, Work work) throws IOException {
    String name = request.name();
    Instant deadline = clock.instant().plus(LONGEST_WAIT);
    while (true) {
      switch (replies.claim(
          request.scope(), name, request.fingerprint(), PATIENCE, clock.instant())) {
        case Claim.Mine _ -> {
          return run(request, name, secret, work);
        }
        case Claim.Done(Reply reply) -> {
          return replayed(reply);
        }
        case Claim.Other _ -> throw Refusal.keyReused();
        case Claim.Busy _ -> await(deadline);
      }
    }
  }

  private Answer.Body run(Request request, String name, boolean secret, Work work)
      throws IOException {
    boolean kept = false;
    try {
      Answer.Body body = work.run();
      kept = keep(request, name, secret ? shownOnce() : body);
      return body;
    } finally {
      if (!kept) {
        replies.release(request.scope(), name);
      }
    }
  }

  private boolean keep(Request request, String name, Answer.Body body) {
    replies.keep(request.scope(), name, new Reply(body.status(), Json.line(body.json())));
    return true;
  }

  private static Answer.Body shownOnce() {
    Refusal refusal =
        Refusal.of(
            409,
            "shown_once",
            "This request was carried out, and its answer was a secret, which is shown once. Revoke"
                + " the key that was made, and make another.");
    return new Answer.Body(409, refusal.json(), Map.of());
  }

  private static Answer.Body replayed(Reply reply) throws IOException {
    return new Answer.Body(reply.status(), Json.mapper().readTree(reply.body()), REPLAYED);
  }

  private void await(Instant deadline) {
    if (!clock.instant().isBefore(deadline)) {
      throw Refusal.of(
              409, "request_in_progress", "A request with this Idempotency-Key is under way.")
          .with("Retry-After", "1");
    }
    try {
      pause.of(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.server(503, "ending", "The server is ending.");
    }
  }
}

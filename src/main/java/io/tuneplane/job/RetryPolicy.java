package io.tuneplane.job;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.JobState.JobError;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What to do about a failed call. The one place that tells the failures apart. Pure but for the
/// jitter, whose source is given.
final class RetryPolicy {

  static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /// How often a call whose answer can't be read is made again: it may have been cut short once.
  static final int MISUNDERSTOOD_TRIES = 3;

  private final RandomGenerator jitter;

  RetryPolicy(RandomGenerator jitter) {
    this.jitter = jitter;
  }

  /// @param attempts how many calls have failed in a row, this one included
  Next next(BackendException failure, int attempts) {
    return switch (failure) {
      case BackendException.Rejected rejected -> new Next.Fail(rejected(rejected));
      case BackendException.Unauthorized unauthorized -> new Next.Pause(words(unauthorized));
      case BackendException.Exhausted exhausted ->
          new Next.Retry(
              exhausted.retryAfter().orElseGet(() -> backoff(attempts)), words(exhausted));
      case BackendException.Unavailable unavailable ->
          new Next.Retry(backoff(attempts), words(unavailable));
      case BackendException.OutcomeUnknown unknown ->
          new Next.Retry(backoff(attempts), words(unknown));
      case BackendException.Closed closed ->
          new Next.Fail(new JobError("training_not_available", words(closed), Optional.empty()));
      case BackendException.RunLost lost ->
          new Next.Fail(new JobError("run_lost", words(lost), Optional.empty()));
      case BackendException.Misunderstood misunderstood ->
          attempts < MISUNDERSTOOD_TRIES
              ? new Next.Retry(backoff(attempts), words(misunderstood))
              : new Next.Fail(
                  new JobError("backend_misunderstood", words(misunderstood), Optional.empty()));
    };
  }

  /// Doubles from a second to five minutes, the half of it by chance, so that many jobs do not come
  /// back at once.
  private Duration backoff(int attempts) {
    long doubled = FIRST_WAIT.toMillis() << Math.clamp(attempts - 1, 0, 20);
    long wait = Math.min(doubled, LONGEST_WAIT.toMillis());
    return Duration.ofMillis(wait / 2 + jitter.nextLong(wait / 2 + 1));
  }

  private static JobError rejected(BackendException.Rejected rejected) {
    Optional<String> param = rejected.problems().stream().map(Problem::field).findFirst();
    return new JobError("invalid_request", words(rejected), param);
  }

  private static String words(BackendException failure) {
    return Optional.ofNullable(failure.getMessage()).orElse(failure.getClass().getSimpleName());
  }
}

package io.tuneplane.job;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.JobState.JobError;
import io.tuneplane.job.JobState.Reason;
import io.tuneplane.job.JobState.Reason.Code;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What to do about a failed call. The one place that tells the failures apart. Pure but for the
/// jitter, whose source is given.
final class RetryPolicy {

  static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /// The longest that a place may make us wait at a time, whatever it says.
  static final Duration LONGEST_ASKED = Duration.ofDays(1);

  /// How often a call whose answer can't be read is made again: it may have been cut short once.
  static final int MISUNDERSTOOD_TRIES = 3;

  /// What a place asked us to wait grows by up to one part in this, so that many jobs do not come
  /// back at once.
  private static final int SPREAD = 10;

  private final RandomGenerator jitter;

  RetryPolicy(RandomGenerator jitter) {
    this.jitter = jitter;
  }

  /// @param attempts how many calls have failed in a row, this one included
  Next next(BackendException failure, int attempts) {
    String words = words(failure);
    return switch (failure) {
      case BackendException.Rejected rejected -> new Next.Fail(rejected(rejected));
      case BackendException.Unauthorized _ ->
          new Next.Pause(new Reason(Code.OPERATOR_NEEDED, words));
      case BackendException.Closed closed -> new Next.Elsewhere(closed.words());
      case BackendException.Exhausted exhausted ->
          new Next.Retry(
              exhausted.retryAfter().map(this::asked).orElseGet(() -> backoff(attempts)),
              new Reason(Code.EXHAUSTED, words));
      case BackendException.Unavailable _ ->
          new Next.Retry(backoff(attempts), new Reason(Code.UNAVAILABLE, words));
      case BackendException.OutcomeUnknown _ ->
          new Next.Reconcile(backoff(attempts), new Reason(Code.OUTCOME_UNKNOWN, words));
      case BackendException.RunLost _ -> new Next.Fail(JobError.of("run_lost", words));
      case BackendException.Misunderstood _ ->
          attempts < MISUNDERSTOOD_TRIES
              ? new Next.Retry(backoff(attempts), new Reason(Code.MISUNDERSTOOD, words))
              : new Next.Fail(JobError.of("backend_misunderstood", words));
    };
  }

  /// The same for what broke on our side.
  Next broken(String what, int attempts) {
    return attempts < MISUNDERSTOOD_TRIES
        ? new Next.Retry(backoff(attempts), new Reason(Code.INTERNAL, what))
        : new Next.Fail(JobError.of("internal_error", what));
  }

  private Duration asked(Duration retryAfter) {
    Duration wait = retryAfter.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : retryAfter;
    return wait.isNegative() ? FIRST_WAIT : wait.plusMillis(share(wait.toMillis() / SPREAD));
  }

  /// Doubles from a second to five minutes, the half of it by chance, so that many jobs do not come
  /// back at once.
  Duration backoff(int attempts) {
    long doubled = FIRST_WAIT.toMillis() << Math.clamp(attempts - 1, 0, 20);
    long wait = Math.min(doubled, LONGEST_WAIT.toMillis());
    return Duration.ofMillis(wait / 2 + share(wait / 2));
  }

  private long share(long most) {
    return jitter.nextLong(most + 1);
  }

  private static JobError rejected(BackendException.Rejected rejected) {
    Optional<String> param = rejected.problems().stream().map(Problem::field).findFirst();
    return new JobError("invalid_request", words(rejected), param);
  }

  private static String words(BackendException failure) {
    return Optional.ofNullable(failure.getMessage()).orElse(failure.getClass().getSimpleName());
  }
}

package io.tuneplane.job;

import io.tuneplane.job.JobState.JobError;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What must be remembered between two steps of a job, so that whoever takes the next one needs
/// nothing else.
///
/// @param wishes what is wanted of the run, and what the place was told
/// @param submission how often the job was submitted
/// @param trouble calls that failed in a row
/// @param dueAt when the next step is due
/// @param held where to go on, for a job that is held before or beside its place
/// @param closed places that have refused the job for good, with their words
/// @param givingUp why the job will have failed once its run has stopped
/// @param host the only host that may work on it; empty for any
/// @param reserved its part of the organisation's budget
/// @param watchedSince since when it was looked at without a break: its place can't be blamed for
///   what nobody saw; empty for always
public record JobCourse(
    Wishes wishes,
    Submission submission,
    Trouble trouble,
    Instant dueAt,
    Optional<JobPhase> held,
    SortedMap<String, String> closed,
    Optional<JobError> givingUp,
    Optional<String> host,
    Optional<Reserved> reserved,
    Optional<Instant> watchedSince) {

  public JobCourse {
    closed = Collections.unmodifiableSortedMap(new TreeMap<>(closed));
  }

  /// What may be wanted of a job.
  public enum Wanted {
    RUN,
    PAUSE,
    CANCEL
  }

  /// What is wanted, and who knows.
  ///
  /// @param wanted what the user wants
  /// @param told what the place was told last
  /// @param toldAt when
  public record Wishes(Wanted wanted, Wanted told, Optional<Instant> toldAt) {

    static final Wishes NONE = new Wishes(Wanted.RUN, Wanted.RUN, Optional.empty());

    Wishes want(Wanted next) {
      return new Wishes(next, told, toldAt);
    }

    Wishes told(Wanted what, Instant now) {
      return new Wishes(wanted, what, Optional.of(now));
    }
  }

  /// How often the job was submitted.
  ///
  /// @param attempt how many submissions were begun
  /// @param begun when the last one was, until it is known what came of it
  public record Submission(int attempt, Optional<Instant> begun) {

    static final Submission NONE = new Submission(0, Optional.empty());

    Submission begin(Instant now) {
      return new Submission(attempt + 1, Optional.of(now));
    }

    Submission known() {
      return new Submission(attempt, Optional.empty());
    }
  }

  /// A row of failures.
  ///
  /// @param failures calls that failed in a row
  /// @param since when the first of them did
  public record Trouble(int failures, Optional<Instant> since) {

    static final Trouble NONE = new Trouble(0, Optional.empty());

    Trouble more(Instant now) {
      return new Trouble(failures + 1, since.or(() -> Optional.of(now)));
    }
  }

  /// A part of the organisation's budget.
  ///
  /// @param month in which it counts, in UTC
  /// @param usd how much
  public record Reserved(YearMonth month, String usd) {}

  static JobCourse from(Instant now) {
    return new JobCourse(
        Wishes.NONE,
        Submission.NONE,
        Trouble.NONE,
        now,
        Optional.empty(),
        new TreeMap<>(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  JobCourse due(Instant at) {
    return new JobCourse(
        wishes, submission, trouble, at, held, closed, givingUp, host, reserved, watchedSince);
  }

  JobCourse wish(Wishes next) {
    return new JobCourse(
        next, submission, trouble, dueAt, held, closed, givingUp, host, reserved, watchedSince);
  }

  JobCourse submitting(Submission next) {
    return new JobCourse(
        wishes, next, trouble, dueAt, held, closed, givingUp, host, reserved, watchedSince);
  }

  JobCourse troubled(Trouble next) {
    return new JobCourse(
        wishes, submission, next, dueAt, held, closed, givingUp, host, reserved, watchedSince);
  }

  JobCourse hold(Optional<JobPhase> where) {
    return new JobCourse(
        wishes, submission, trouble, dueAt, where, closed, givingUp, host, reserved, watchedSince);
  }

  JobCourse shut(String place, String words) {
    SortedMap<String, String> more = new TreeMap<>(closed);
    more.put(place, words);
    return new JobCourse(
        wishes, submission, trouble, dueAt, held, more, givingUp, host, reserved, watchedSince);
  }

  JobCourse giveUp(JobError why) {
    return new JobCourse(
        wishes,
        submission,
        trouble,
        dueAt,
        held,
        closed,
        Optional.of(why),
        host,
        reserved,
        watchedSince);
  }

  JobCourse pinned(Optional<String> to) {
    return new JobCourse(
        wishes, submission, trouble, dueAt, held, closed, givingUp, to, reserved, watchedSince);
  }

  JobCourse reserve(Optional<Reserved> what) {
    return new JobCourse(
        wishes, submission, trouble, dueAt, held, closed, givingUp, host, what, watchedSince);
  }

  JobCourse watched(Instant since) {
    return new JobCourse(
        wishes,
        submission,
        trouble,
        dueAt,
        held,
        closed,
        givingUp,
        host,
        reserved,
        Optional.of(since));
  }
}

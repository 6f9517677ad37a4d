package io.tuneplane.backend.local;

import io.tuneplane.backend.ControlLock;
import io.tuneplane.backend.FailureReason;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.Usage;
import io.tuneplane.backend.local.RunRecord.Attempt;
import io.tuneplane.backend.local.RunRecord.Wanted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/// Moves runs on: looks at what is on the disk and which process lives, and does the next thing.
/// Nothing happens between two calls, and nothing is remembered here: any instance in any process
/// can make the next one. Safe for many threads and processes, by the control lock.
final class Supervisor {

  /// How long a runner may take to write its checkpoint and leave before it is killed.
  static final Duration GRACE = Duration.ofSeconds(90);

  private static final Duration EXIT_PATIENCE = Duration.ofSeconds(5);
  private static final Duration EXIT_POLL = Duration.ofMillis(20);

  private final Path control;
  private final Launcher launcher;
  private final Children children;
  private final TrainingSlot slot;
  private final Machine machine;
  private final InstantSource clock;

  Supervisor(
      Path runs, Launcher launcher, Children children, Machine machine, InstantSource clock) {
    this.control = runs.resolve("control.lock");
    this.launcher = launcher;
    this.children = children;
    this.slot = new TrainingSlot(runs, children);
    this.machine = machine;
    this.clock = clock;
  }

  /// Something to do while no other control plane touches a run.
  interface Action<T> {
    T run() throws IOException;
  }

  <T> T exclusively(Action<T> action) throws IOException {
    try (ControlLock _ = ControlLock.take(control)) {
      return action.run();
    }
  }

  /// Does what is due, and tells where the run stands then.
  RunState advance(RunDirectory run) throws IOException {
    Optional<Outcome> outcome = run.outcome();
    if (outcome.isPresent()) {
      return ended(run, outcome.get());
    }
    RunRecord record = run.record();
    Attempt attempt = record.attempt();
    if (attempt != null && children.alive(attempt.child(), run.lock()) && !overdue(record)) {
      return new RunState.Running(attempt.startedAt());
    }
    return exclusively(() -> advanceAlone(run));
  }

  /// Asks something of a run. What follows from it is done by the next [#advance].
  ///
  /// @return where the run stood before, if it had ended: then nothing was asked
  Optional<RunState> want(RunDirectory run, Wanted wanted) throws IOException {
    return exclusively(() -> {
      Optional<Outcome> outcome = run.outcome();
      RunRecord record = run.record();
      if (outcome.isPresent() || record.wanted() == Wanted.CANCEL) {
        return outcome.map(o -> ended(run, o));
      }
      run.write(record.want(wanted, clock.instant()));
      Attempt attempt = record.attempt();
      if (wanted != Wanted.RUN && attempt != null) {
        children.stop(attempt.child());
      }
      return Optional.empty();
    });
  }

  /// Who trains on this machine now.
  Optional<String> training() throws IOException {
    return slot.holder();
  }

  private RunState advanceAlone(RunDirectory run) throws IOException {
    RunRecord record = run.record();
    Attempt attempt = record.attempt();
    if (attempt != null && !attempt.settled() && run.outcome().isEmpty()) {
      if (children.alive(attempt.child(), run.lock())) {
        killIfOverdue(record, attempt);
        return new RunState.Running(attempt.startedAt());
      }
      settle(run, record, attempt);
    }
    Optional<Outcome> outcome = run.outcome();
    return outcome.isPresent() ? ended(run, outcome.get()) : atRest(run, run.record());
  }

  private RunState atRest(RunDirectory run, RunRecord record) throws IOException {
    return switch (record.wanted()) {
      case CANCEL -> {
        run.write(new Outcome.Cancelled());
        yield new RunState.Cancelled();
      }
      case PAUSE -> new RunState.Paused();
      case RUN -> startIfFree(run, record);
    };
  }

  private RunState startIfFree(RunDirectory run, RunRecord record) throws IOException {
    if (!record.tries().mayStart(clock.instant()) || slot.holder().isPresent()) {
      return new RunState.Queued();
    }
    Attempt attempt = launcher.launch(run, record);
    try {
      run.write(record.started(attempt));
      slot.take(run.mark(), attempt.child());
    } catch (IOException e) {
      // A child that nobody has written down would be a second one by the next look.
      children.kill(attempt.child());
      throw e;
    }
    return new RunState.Running(attempt.startedAt());
  }

  private void settle(RunDirectory run, RunRecord record, Attempt attempt) throws IOException {
    AttemptReport report = AttemptReport.of(run.events(), attempt.number());
    boolean gotOn = report.savedStep() > attempt.step();
    Instant now = clock.instant();
    Ending ending = ending(run, attempt, report);
    switch (Next.after(ending, record.wanted(), record.tries(), gotOn, now)) {
      case Next.End end -> run.write(end.outcome());
      case Next.Rest rest -> run.write(record.settled(rest.tries()));
      case Next.Again again -> {
        run.events().note(attempt.number(), now, again.level(), again.note());
        run.write(record.settled(again.tries()));
      }
    }
  }

  private Ending ending(RunDirectory run, Attempt attempt, AttemptReport report)
      throws IOException {
    OptionalInt code = exitCode(run, attempt);
    boolean done = code.isPresent() ? code.getAsInt() == 0 : report.result().isPresent();
    if (done) {
      return ResultFiles.check(run, report);
    }
    boolean outOfMemory = machine.outOfMemoryKills() > attempt.kills();
    return Ending.of(code, report, outOfMemory, LastWords.of(run.words()));
  }

  // Whoever started the process writes down its exit code as soon as the system tells; that can be
  // a moment after the process is gone. Nobody does where the parent is gone too.
  private OptionalInt exitCode(RunDirectory run, Attempt attempt) throws IOException {
    OptionalInt seen = children.exitCode(attempt.child());
    long deadline = System.nanoTime() + EXIT_PATIENCE.toNanos();
    while (seen.isEmpty()) {
      Optional<ExitRecord> exit = run.exit().filter(e -> e.attempt() == attempt.number());
      if (exit.isPresent()) {
        return OptionalInt.of(exit.get().code());
      }
      if (!children.alive(attempt.parent())) {
        return OptionalInt.empty();
      }
      if (System.nanoTime() > deadline) {
        return OptionalInt.of(Ending.UNSEEN);
      }
      LockSupport.parkNanos(EXIT_POLL.toNanos());
    }
    return seen;
  }

  private void killIfOverdue(RunRecord record, Attempt attempt) {
    if (overdue(record)) {
      children.kill(attempt.child());
    }
  }

  private boolean overdue(RunRecord record) {
    return record.wanted() != Wanted.RUN && clock.instant().isAfter(record.wantedAt().plus(GRACE));
  }

  private static RunState ended(RunDirectory run, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Succeeded done ->
          new RunState.Succeeded(
              new TrainedModel(
                  done.adapterDigest(),
                  Optional.of(run.adapter()),
                  Optional.of(run.golden()),
                  Optional.of(done.baseDigest())),
              new Usage(
                  done.tokens(),
                  done.steps(),
                  Duration.ofMillis(Math.round(done.seconds() * 1000)),
                  done.peakMemoryBytes()));
      case Outcome.Failed failed ->
          new RunState.Failed(
              new FailureReason(failed.code(), failed.message(), failed.retryable()));
      case Outcome.Cancelled _ -> new RunState.Cancelled();
    };
  }
}

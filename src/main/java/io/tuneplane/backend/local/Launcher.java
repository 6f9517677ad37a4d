package io.tuneplane.backend.local;

import io.tuneplane.backend.local.RunRecord.Attempt;
import io.tuneplane.config.Settings;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts the runner on a run's folder. Safe for many threads; two may not start the same run.
final class Launcher {

  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

  private final RunnerCommand command;
  private final Settings.Local settings;
  private final Machine machine;
  private final Children children;
  private final InstantSource clock;

  Launcher(
      RunnerCommand command,
      Settings.Local settings,
      Machine machine,
      Children children,
      InstantSource clock) {
    this.command = command;
    this.settings = settings;
    this.machine = machine;
    this.children = children;
    this.clock = clock;
  }

  /// Starts the next attempt of a run.
  Attempt launch(RunDirectory run, RunRecord record) throws IOException {
    int number = record.nextNumber();
    AttemptReport before = AttemptReport.of(run.events(), number);
    Threading threading = Threading.choose(settings.spin(), settings.threads(), machine);
    run.write(run.job().again(number, threading, memory(record, before)));
    ProcessId child =
        children.start(
            command.process(threading, arguments(run)),
            run.words().toFile(),
            code -> recordExit(run, number, code));
    return new Attempt(
        number,
        clock.instant(),
        children.self(),
        child,
        machine.outOfMemoryKills(),
        before.savedStep(),
        false);
  }

  // A runner outlives a control plane that was killed, and the next one adopts it. Where a process
  // can't be asked to end, the end of its standard input is what asks it.
  private static List<String> arguments(RunDirectory run) {
    String path = run.path().toString();
    return ProcessHandle.current().supportsNormalTermination()
        ? List.of("train", path, "--ignore-stdin")
        : List.of("train", path);
  }

  // Half of what the tokens of a pass took: the rest can't be halved. A pass of half the tokens
  // sums
  // up to the same step.
  private @Nullable Long memory(RunRecord record, AttemptReport before) {
    Optional<Long> bound = settings.memoryBytes();
    if (!record.tries().lessMemory()) {
      return bound.orElse(null);
    }
    long most = bound.orElseGet(machine::availableMemory);
    long took = Math.min(most, before.peakMemory().orElse(most));
    return record.fixedBytes() + Math.max(0, took - record.fixedBytes()) / 2;
  }

  private void recordExit(RunDirectory run, int attempt, int code) {
    if (!run.exists()) {
      return; // Whoever took the folder away does not ask how the process ended.
    }
    try {
      run.write(new ExitRecord(attempt, code, clock.instant()));
    } catch (IOException e) {
      LOG.warn("run {}: exit code {} could not be recorded", run.mark(), code, e);
    }
  }
}

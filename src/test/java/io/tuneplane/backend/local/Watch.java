package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.Progress;
import io.tuneplane.backend.RunHandle;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainingBackend;
import io.tuneplane.backend.TrainingEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Follows one run for a test: remembers every event, and waits for states.
final class Watch {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TrainingBackend backend;
  private final RunHandle run;
  private final List<TrainingEvent> events = new ArrayList<>();
  private Cursor cursor = Cursor.START;

  Watch(TrainingBackend backend, RunHandle run) {
    this.backend = backend;
    this.run = run;
  }

  RunState until(Predicate<Watch> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    RunState state = look();
    while (!wanted.test(this) && !state.ended()) {
      assertThat(System.nanoTime()).as("still %s", state).isLessThan(deadline);
      Thread.sleep(20);
      state = look();
    }
    return state;
  }

  RunState untilEnd() throws InterruptedException {
    return until(_ -> false);
  }

  RunState untilState(Class<? extends RunState> wanted) throws InterruptedException {
    return until(_ -> wanted.isInstance(backend.observe(run, cursor).state()));
  }

  private RunState look() {
    Progress progress = backend.observe(run, cursor);
    events.addAll(progress.events());
    cursor = progress.next();
    return progress.state();
  }

  List<TrainingEvent> events() {
    return events;
  }

  List<TrainingEvent.Checkpoint> checkpoints() {
    return events.stream()
        .filter(TrainingEvent.Checkpoint.class::isInstance)
        .map(TrainingEvent.Checkpoint.class::cast)
        .toList();
  }

  List<Long> steps() {
    return events.stream()
        .filter(TrainingEvent.Metrics.class::isInstance)
        .map(e -> ((TrainingEvent.Metrics) e).step())
        .toList();
  }

  List<String> texts() {
    return events.stream()
        .filter(TrainingEvent.Log.class::isInstance)
        .map(e -> ((TrainingEvent.Log) e).text())
        .toList();
  }
}

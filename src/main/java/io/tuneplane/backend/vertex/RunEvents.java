package io.tuneplane.backend.vertex;

import com.google.genai.types.TunedModel;
import com.google.genai.types.TunedModelCheckpoint;
import io.tuneplane.backend.Cursor;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.TrainingEvent.Checkpoint;
import io.tuneplane.backend.TrainingEvent.Level;
import io.tuneplane.backend.TrainingEvent.Log;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A job's events. Vertex AI keeps none: they are derived from what a job says of itself, so that
/// any instance derives the same ones, and the cursor is the list of those that were told. A fact
/// that the service fills in late is told late, once.
final class RunEvents {

  private final RunView run;

  RunEvents(RunView run) {
    this.run = run;
  }

  /// What has not been told yet.
  List<TrainingEvent> since(Cursor cursor) {
    Set<String> told = told(cursor);
    return all().stream().filter(e -> !told.contains(e.id())).toList();
  }

  /// The cursor after these events.
  static Cursor after(Cursor cursor, List<TrainingEvent> events) {
    Set<String> told = new LinkedHashSet<>(told(cursor));
    events.forEach(e -> told.add(e.id()));
    return new Cursor(String.join(",", told));
  }

  private static Set<String> told(Cursor cursor) {
    return cursor.equals(Cursor.START)
        ? Set.of()
        : new LinkedHashSet<>(List.of(cursor.value().split(",")));
  }

  private List<TrainingEvent> all() {
    List<TrainingEvent> events = new ArrayList<>();
    String name = run.job().name().orElse("");
    events.add(new Log("1-accepted", run.createdAt(), Level.INFO, "accepted as " + name));
    if (run.job().startTime().isPresent()) {
      events.add(new Log("2-started", run.startedAt(), Level.INFO, "started"));
    }
    if (run.stats().known()) {
      Level level = run.stats().lossy() ? Level.WARN : Level.INFO;
      events.add(new Log("3-data", run.startedAt(), level, "the data: " + run.stats().words()));
    }
    checkpoints(events);
    run.ending().ifPresent(words -> events.add(end(words)));
    return events;
  }

  private void checkpoints(List<TrainingEvent> events) {
    for (TunedModelCheckpoint checkpoint :
        run.job().tunedModel().flatMap(TunedModel::checkpoints).orElse(List.of())) {
      long step = checkpoint.step().orElse(0L);
      String id = "4-checkpoint-%012d-%s".formatted(step, checkpoint.checkpointId().orElse(""));
      String reference = checkpoint.endpoint().or(checkpoint::checkpointId).orElse("");
      events.add(new Checkpoint(id.replace(",", "_"), run.endedAt(), step, reference, Map.of()));
    }
  }

  private Log end(String words) {
    Level level = run.state() instanceof RunState.Failed ? Level.ERROR : Level.INFO;
    return new Log("5-ended", run.endedAt(), level, words);
  }
}

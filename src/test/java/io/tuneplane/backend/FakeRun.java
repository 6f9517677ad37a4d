package io.tuneplane.backend;

import io.tuneplane.backend.TrainingEvent.Checkpoint;
import io.tuneplane.backend.TrainingEvent.Level;
import io.tuneplane.backend.TrainingEvent.Log;
import io.tuneplane.backend.TrainingEvent.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One run in a [FakePlace]. Moves only when it is told the time.
final class FakeRun {

  private final String id;
  private final FakeScript script;
  private final List<TrainingEvent> events = new ArrayList<>();
  private RunState state = new RunState.Queued();
  private Instant next;
  private int step;

  FakeRun(String id, FakeScript script, Instant now) {
    this.id = id;
    this.script = script;
    this.next = now.plus(script.queued());
    log(now, Level.INFO, "accepted");
  }

  synchronized Progress look(int from, int most) {
    int end = (int) Math.min(events.size(), (long) from + most);
    Cursor next = new Cursor(Integer.toString(end));
    return new Progress(state, events.subList(from, end), next, Duration.ofSeconds(1));
  }

  synchronized boolean ended() {
    return state.ended();
  }

  synchronized void tick(Instant now) {
    while (moving() && !next.isAfter(now)) {
      if (state instanceof RunState.Queued) {
        state = new RunState.Running(next);
        log(next, Level.INFO, "started");
      } else {
        step(next);
      }
      next = next.plus(script.stepTime());
    }
  }

  synchronized void cancel(Instant now) {
    if (!state.ended()) {
      state = new RunState.Cancelled();
      log(now, Level.WARN, "cancelled");
    }
  }

  synchronized void pause(Instant now) {
    if (moving()) {
      state = new RunState.Paused();
      log(now, Level.INFO, "paused at step " + step);
    }
  }

  synchronized void resume(Instant now) {
    if (state instanceof RunState.Paused) {
      state = new RunState.Queued();
      next = now.plus(script.queued());
      log(now, Level.INFO, "goes on after step " + step);
    }
  }

  private boolean moving() {
    return switch (state) {
      case RunState.Queued _, RunState.Running _ -> true;
      case RunState.Paused _, RunState.Succeeded _, RunState.Failed _, RunState.Cancelled _ ->
          false;
    };
  }

  private void step(Instant at) {
    step++;
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("train_loss", 2.0 / step);
    values.put("train_mean_token_accuracy", 1 - 1.0 / (step + 1));
    events.add(new Metrics(eventId(), at, step, script.steps(), values));
    if (step % script.checkpointEvery() == 0) {
      String reference = id + ":ckpt-step-" + step;
      events.add(
          new Checkpoint(
              eventId(),
              at,
              step,
              reference,
              Map.of("full_valid_loss", values.firstEntry().getValue())));
    }
    if (step >= script.steps()) {
      end(at);
    }
  }

  private void end(Instant at) {
    Optional<FailureReason> failure = script.failure();
    if (failure.isPresent()) {
      state = new RunState.Failed(failure.get());
      log(at, Level.ERROR, failure.get().message());
      return;
    }
    TrainedModel model =
        new TrainedModel("tuned-" + id, script.adapter(), Optional.empty(), Optional.empty());
    Duration worked = script.stepTime().multipliedBy(step);
    state = new RunState.Succeeded(model, new Usage(1000L * step, step, worked, 0));
    log(at, Level.INFO, "done");
  }

  private void log(Instant at, Level level, String text) {
    events.add(new Log(eventId(), at, level, text));
  }

  private String eventId() {
    return "ev-%05d".formatted(events.size());
  }
}

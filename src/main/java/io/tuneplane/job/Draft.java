package io.tuneplane.job;

import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.job.JobEvent.Level;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// An event before it has its number.
///
/// @param at when it happened; empty for the moment when it is stored
record Draft(
    Optional<Instant> at,
    JobEvent.Type type,
    Level level,
    String message,
    SequencedMap<String, Object> data) {

  Draft(JobEvent.Type type, Level level, String message) {
    this(Optional.empty(), type, level, message, new LinkedHashMap<>());
  }

  /// A backend's event in the words of OpenAI's API.
  static Draft of(TrainingEvent event) {
    return switch (event) {
      case TrainingEvent.Log log ->
          new Draft(
              Optional.of(log.at()),
              JobEvent.Type.MESSAGE,
              level(log.level()),
              log.text(),
              new LinkedHashMap<>());
      case TrainingEvent.Metrics m ->
          new Draft(
              Optional.of(m.at()),
              JobEvent.Type.METRICS,
              Level.INFO,
              metricsText(m),
              figures(m.step(), Optional.of(m.totalSteps()), m.values()));
      case TrainingEvent.Checkpoint c ->
          new Draft(
              Optional.of(c.at()),
              JobEvent.Type.CHECKPOINT,
              Level.INFO,
              "Checkpoint at step " + c.step(),
              figures(c.step(), Optional.empty(), c.values()));
    };
  }

  JobEvent numbered(long seq, Instant now) {
    return new JobEvent(seq, at.orElse(now), type, level, message, data);
  }

  private static String metricsText(TrainingEvent.Metrics m) {
    StringBuilder text = new StringBuilder("Step %d/%d".formatted(m.step(), m.totalSteps()));
    Double loss = m.values().get("train_loss");
    if (loss != null) {
      text.append(": training loss=%.4f".formatted(loss));
    }
    Double valid = m.values().get("valid_loss");
    if (valid != null) {
      text.append(", validation loss=%.4f".formatted(valid));
    }
    return text.toString();
  }

  private static SequencedMap<String, Object> figures(
      long step, Optional<Long> totalSteps, Map<String, Double> values) {
    SequencedMap<String, Object> data = new LinkedHashMap<>();
    data.put("step", step);
    totalSteps.ifPresent(total -> data.put("total_steps", total));
    data.putAll(values);
    return data;
  }

  private static Level level(TrainingEvent.Level level) {
    return switch (level) {
      case INFO -> Level.INFO;
      case WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }
}

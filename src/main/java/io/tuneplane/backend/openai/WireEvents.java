package io.tuneplane.backend.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import io.tuneplane.backend.TrainingEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Translates the host's events and checkpoints. A kind or level that is not known is told as a
/// message, so that nothing is left out.
final class WireEvents {

  private static final String METRICS = "metrics";
  private static final String STEP = "step";
  private static final String TOTAL_STEPS = "total_steps";

  private WireEvents() {}

  static TrainingEvent event(FineTuningJobEvent event) {
    Instant at = Instant.ofEpochSecond(event.createdAt());
    Map<String, Double> figures = figures(event);
    if (event.type().map(type -> type.asString().equals(METRICS)).orElse(false)
        && figures.containsKey(STEP)) {
      return metrics(event.id(), at, figures);
    }
    return new TrainingEvent.Log(event.id(), at, level(event.level().asString()), event.message());
  }

  private static TrainingEvent metrics(String id, Instant at, Map<String, Double> figures) {
    SequencedMap<String, Double> values = new LinkedHashMap<>(figures);
    long step = Math.round(figures.getOrDefault(STEP, 0.0));
    long total = Math.round(figures.getOrDefault(TOTAL_STEPS, 0.0));
    values.remove(STEP);
    values.remove(TOTAL_STEPS);
    return new TrainingEvent.Metrics(id, at, step, total, values);
  }

  /// The numbers among the event's data, which the API describes as any object.
  private static Map<String, Double> figures(FineTuningJobEvent event) {
    Map<String, Double> figures = new LinkedHashMap<>();
    JsonNode data = event._data().convert(JsonNode.class);
    if (data != null) {
      data.properties().stream()
          .filter(field -> field.getValue().isNumber())
          .forEach(field -> figures.put(field.getKey(), field.getValue().asDouble()));
    }
    return figures;
  }

  private static TrainingEvent.Level level(String wire) {
    return switch (wire) {
      case "error" -> TrainingEvent.Level.ERROR;
      case "warn", "warning" -> TrainingEvent.Level.WARN;
      default -> TrainingEvent.Level.INFO;
    };
  }

  static TrainingEvent checkpoint(FineTuningJobCheckpoint checkpoint) {
    return new TrainingEvent.Checkpoint(
        checkpoint.id(),
        Instant.ofEpochSecond(checkpoint.createdAt()),
        checkpoint.stepNumber(),
        checkpoint.fineTunedModelCheckpoint(),
        figures(checkpoint.metrics()));
  }

  private static Map<String, Double> figures(FineTuningJobCheckpoint.Metrics m) {
    Map<String, Double> figures = new LinkedHashMap<>();
    m.trainLoss().ifPresent(v -> figures.put("train_loss", v));
    m.trainMeanTokenAccuracy().ifPresent(v -> figures.put("train_mean_token_accuracy", v));
    m.validLoss().ifPresent(v -> figures.put("valid_loss", v));
    m.validMeanTokenAccuracy().ifPresent(v -> figures.put("valid_mean_token_accuracy", v));
    m.fullValidLoss().ifPresent(v -> figures.put("full_valid_loss", v));
    m.fullValidMeanTokenAccuracy().ifPresent(v -> figures.put("full_valid_mean_token_accuracy", v));
    return figures;
  }
}

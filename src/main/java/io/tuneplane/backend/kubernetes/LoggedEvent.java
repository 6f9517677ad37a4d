package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.backend.TrainingEvent;
import io.tuneplane.backend.TrainingEvent.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/// Reads a line of a [RunLog] as callers see it. A checkpoint is one that ends an epoch; the others
/// are there to go on from, and only told of.
final class LoggedEvent {

  private static final Set<String> NOT_FIGURES = Set.of("seq", "attempt", "step", "total_steps");

  private LoggedEvent() {}

  static TrainingEvent of(JsonNode line, Path work) {
    String id = "%010d".formatted(line.path("n").asLong());
    JsonNode event = line.path("event");
    Instant at = Instant.parse(event.path("at").asText());
    long step = event.path("step").asLong();
    return switch (event.path("type").asText()) {
      case "metrics" ->
          new TrainingEvent.Metrics(
              id, at, step, event.path("total_steps").asLong(), figures(event));
      case "checkpoint" ->
          event.has("epoch")
              ? new TrainingEvent.Checkpoint(id, at, step, checkpoint(event, work), figures(event))
              : new TrainingEvent.Log(
                  id, at, Level.INFO, "Saved at step " + step + "; a restart goes on from there");
      default -> new TrainingEvent.Log(id, at, level(event), event.path("text").asText());
    };
  }

  private static String checkpoint(JsonNode event, Path work) {
    Path adapter = work.resolve(event.path("path").asText()).resolve("adapter").normalize();
    return adapter.startsWith(work) ? adapter.toAbsolutePath().toString() : "";
  }

  private static Level level(JsonNode event) {
    return switch (event.path("level").asText()) {
      case "error" -> Level.ERROR;
      case "warn" -> Level.WARN;
      default -> Level.INFO;
    };
  }

  private static SequencedMap<String, Double> figures(JsonNode event) {
    SequencedMap<String, Double> figures = new LinkedHashMap<>();
    event.forEachEntry((name, value) -> {
      if (value.isNumber() && !NOT_FIGURES.contains(name)) {
        figures.put(name, value.doubleValue());
      }
    });
    return figures;
  }
}
